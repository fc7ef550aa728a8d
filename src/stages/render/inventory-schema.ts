import { integer, list, object, oneOf, type Schema, text } from "../../schema/schema.ts";

const hash = text("The first 16 digits of a hash of the text.", undefined);

const workload = object(
  "Whose pods these are: a workload of the project, or a gateway's member.",
  {
    apiVersion: text("As the workload's file says."),
    kind: text("`Deployment`, `StatefulSet`, …"),
    namespace: text("Its namespace."),
    name: text("Its name."),
  },
  ["apiVersion", "kind", "namespace", "name"],
);

const range = object(
  "Where each pod gets one address from.",
  {
    subnet: text("The subnet, whose prefix the address has."),
    first: text("First address that is given out."),
    last: text("Last one."),
    without: list("Addresses and ranges between them that are not given out.", text("`a` or `a-b`.")),
  },
  ["subnet", "first", "last"],
);

const addressing = object(
  "How the interface comes by addresses.",
  {
    mode: oneOf(
      "`fixed`: those written here. `pool`: one of each range. `dhcp`: from the network. `none`: layer 2 only.",
      ["fixed", "pool", "dhcp", "none"],
    ),
    addresses: list("Of `fixed`: addresses with their prefixes.", text("`10.10.0.20/24`.")),
    virtual: list("Of a gateway's leg: what the active member takes besides.", text("`10.10.0.1/24`.")),
    ranges: list("Of `pool`: one for each address family.", range),
  },
  ["mode"],
);

const link = object(
  "What the interface sits on; an overlay has nothing but its network.",
  {
    attach: oneOf(
      "By a CNI plugin, by a device that moves into the pod (`device`), or by the platform itself (`ovs`, `overlay`, `vpc`).",
      ["macvlan", "ipvlan", "bridge", "sriov", "device", "ovs", "overlay", "vpc"],
    ),
    parent: text("The uplink's interface on the nodes."),
    interface: text("The node's interface that it sits on or is made of: the uplink's, that of the VLAN, or a bridge."),
    vlan: integer("Absent: untagged.", 1, 4094),
    physicalNetwork: text("The uplink's name in OVN."),
  },
  ["attach"],
);

const interfaces = object(
  "One interface of a pod.",
  {
    name: text("Its name in the pod."),
    intent: text("Whose it is: `isolationzone/pci`, or a gateway's own id."),
    network: text("The intent that the network is of."),
    target: text("The target that spells it."),
    object: object(
      "The object that is the network on the platform; with claims on devices, their class.",
      {
        apiVersion: text("Its group and version."),
        kind: text("Its kind."),
        namespace: text("Absent: of the whole cluster."),
        name: text("Its name."),
      },
      ["apiVersion", "kind", "name"],
    ),
    claim: object(
      "The claim that gives a pod the interface.",
      { name: text("As the pod calls it."), template: text("The ResourceClaimTemplate in the pod's namespace.") },
      ["name", "template"],
    ),
    device: text("The resource that the pod asks for, or the node's device that moves into it."),
    main: { type: "boolean", description: "It stands in place of the pod's default network." },
    link,
    mtu: integer("Largest packet, in bytes.", 68, 65535),
    mac: text("Absent: any."),
    addressing,
    routes: list(
      "Routes beside that to the subnet itself.",
      object("One.", { to: text("Destination."), via: text("Next hop.") }, ["to", "via"]),
    ),
    gateway: list("Next hops of the default route, where it leaves by this interface.", text("An address.")),
  },
  ["name", "intent", "network", "target", "link", "mtu", "addressing", "routes"],
);

/** What `out/<cluster>/inventory.json` looks like. Keys may be added to it; those that are there keep their meaning. */
export const inventorySchema: Schema = {
  title: "Inventory",
  ...object(
    "Everything that was written for a cluster, and every interface that its pods are given.",
    {
      version: { type: "integer", description: "Rises when a key changes its meaning.", minimum: 1, maximum: 1 },
      objects: list(
        "Every object, by id.",
        object(
          "One.",
          {
            id: text("`apps/v1 Deployment fw-edge/edge-1`."),
            intent: { type: ["string", "null"], description: "Whose it is; null: it serves all of the cluster." },
            hash,
          },
          ["id", "intent", "hash"],
        ),
      ),
      pods: list(
        "The pods that intents give interfaces to, by namespace.",
        object(
          "The pods of one workload.",
          {
            workload,
            interfaces: list("In the order in which they are given.", interfaces),
            resolvers: list("In place of the cluster's resolver.", text("An address.")),
          },
          ["workload", "interfaces"],
        ),
      ),
      files: list(
        "Every other file, by path.",
        object("One.", { path: text("Relative to the cluster's folder."), hash }, ["path", "hash"]),
      ),
    },
    ["version", "objects", "pods", "files"],
  ),
};
