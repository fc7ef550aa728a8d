import {
  commonProperties,
  INTERNET,
  labelSelectorSchema,
  networkProperties,
  servicesSchema,
  zoneMemberSchema,
} from "../../schema/common.ts";
import { flag, list, object, oneOf, type Schema, text } from "../../schema/schema.ts";

const openingPeer = object(
  "Who, on the default network; exactly one of namespace, cidr, internet, apiServer, hostNetwork.",
  {
    namespace: text("Pods of this namespace.", "name"),
    selector: labelSelectorSchema,
    cidr: text("Addresses outside the pod network.", "cidr"),
    internet: flag(INTERNET),
    apiServer: flag("The cluster's API server; on the way out, without `ports`, its port alone."),
    hostNetwork: flag("The nodes and pods on their network."),
  },
);

const opening = object(
  "Something that stays open on the default network.",
  {
    direction: oneOf("Into or out of the zone's pods.", ["ingress", "egress"]),
    from: openingPeer,
    to: openingPeer,
    ports: servicesSchema,
  },
  ["direction"],
);

export const podNetworkSchema: Schema = object("What stays open on the default network (eth0).", {
  dns: flag("The cluster's resolver.", true),
  sameZone: flag("Pods of the same zone.", true),
  allow: list("Further openings.", opening),
});

export const isolationZoneSchema: Schema = object(
  "Who may talk among themselves. Nothing crosses its border unless an intent says so.",
  {
    ...commonProperties,
    namespaces: list("The zone's own namespaces, listed and never selected.", text("A namespace.", "name"), {
      minItems: 1,
      maxItems: 1000,
    }),
    manageNamespaces: flag("Whether the Namespace objects are emitted too.", false),
    members: list("Who is attached. Absent: every workload known in the namespaces.", zoneMemberSchema),
    network: object(
      "The zone's network.",
      {
        separation: oneOf("An uplink of its own, a VLAN, or the target's own overlay.", [
          "physical",
          "vlan",
          "overlay",
        ]),
        ...networkProperties,
      },
      ["separation"],
    ),
    podNetwork: podNetworkSchema,
    allowCapabilities: list(
      "Capabilities that every pod of the zone keeps, although it can send from addresses of others with them.",
      oneOf("Any address on its links.", ["NET_RAW"]),
      { minItems: 1 },
    ),
    enforcement: oneOf("Whether policies deny, or guards only audit and warn.", ["audit", "enforce"], "enforce"),
  },
  ["namespaces", "network"],
);
