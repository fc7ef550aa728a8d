import { commonProperties, labelSelectorSchema } from "../../schema/common.ts";
import { integer, list, mapOf, object, oneOf, type Schema, text } from "../../schema/schema.ts";

const uplink = object(
  "A link that every node (or every one of `nodes`) has.",
  {
    name: text("How intents call it.", "name"),
    interface: text("The link on the nodes: `bond1`. Absent: that of their default route.", "interface"),
    bridge: text("With `attach: bridge`: a bridge that the nodes have already, which tells VLANs apart.", "interface"),
    vlanInterface: text("Name of the link of a VLAN.", "line", { default: "{interface}.{vlan}" }),
    mtu: integer("Largest packet, in bytes.", 576, 65535, 1500),
    vlans: list("VLAN ids that may be given out. Absent: untagged use only.", text("An id or a range.", "vlans")),
    nativeVlan: integer(
      "The VLAN that untagged frames belong to on the switch port. A network with this VLAN and an untagged one of the uplink are one network.",
      1,
      4094,
      1,
    ),
    nodes: labelSelectorSchema,
    attach: oneOf("How pods are attached to it.", ["macvlan", "ipvlan", "bridge", "sriov", "ovs"], "macvlan"),
    resourceName: text("Device plugin resource; required for sriov.", "word"),
    physicalNetwork: text("Its name for OVN localnet and Kube-OVN provider networks.", "word"),
  },
  ["name"],
);

const pool = object(
  "Addresses to take subnets from.",
  {
    name: text("How intents call it.", "name"),
    cidr: text("All of it.", "subnet"),
    prefixLength: integer("Size of a subnet taken from it.", 8, 126),
  },
  ["name", "cidr", "prefixLength"],
);

export const fabricSchema: Schema = object(
  "What is physically there. Clusters of one Fabric share its layer 2.",
  {
    ...commonProperties,
    clusters: list("The clusters on it; a cluster is on one Fabric.", text("A cluster of the project.", "name"), {
      minItems: 1,
    }),
    uplinks: list("The links.", uplink, { minItems: 1 }),
    pools: list("Where subnets come from.", pool),
    shares: mapOf(
      "By cluster: the part of a shared subnet it gives addresses from. Default 1/8.",
      text("A share.", "share"),
    ),
  },
  ["clusters", "uplinks"],
);
