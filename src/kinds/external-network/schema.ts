import {
  addressPerFamilySchema,
  buildAddressOrPairSchema,
  buildExistingSchema,
  commonProperties,
  memberSchema,
  networkProperties,
} from "../../schema/common.ts";
import { anyObject, flag, list, object, oneOf, type Schema, text } from "../../schema/schema.ts";

const host = object(
  "A host that was there before.",
  { name: text("How rules call it.", "name"), addresses: addressPerFamilySchema },
  ["name", "addresses"],
);

const route = object("A network behind the gateway.", { to: text("Its addresses.", "cidr") }, ["to"]);

export const externalNetworkSchema: Schema = object(
  "A network that was there before Kubernetes.",
  {
    ...commonProperties,
    network: object(
      "The network.",
      {
        separation: oneOf(
          "An uplink of its own, a VLAN, or nothing: a link or VLAN that other networks use too.",
          ["physical", "vlan", "overlay", "shared"],
          "vlan",
        ),
        ...networkProperties,
        existing: buildExistingSchema({
          config: anyObject(
            "The CNI configuration of its objects, written again as it stands. Nothing of it is modelled or verified, so no other key of the intent goes with it.",
          ),
        }),
        pods: list("The part of the subnets that is ours to give out.", text("A network.", "cidr"), { minItems: 1 }),
      },
      [],
    ),
    gateway: buildAddressOrPairSchema("Its router."),
    routes: list("What is reached through the gateway.", route),
    internet: flag(
      "Whether its gateway leads to the internet. Members and the gateways that stand there get the routes.",
      false,
    ),
    hosts: list("Hosts that rules name.", host),
    members: list("Workloads that are attached directly.", memberSchema),
    memberTraffic: oneOf(
      "Whether members reach each other, or hosts and gateway only.",
      ["hostsOnly", "all"],
      "hostsOnly",
    ),
  },
  ["network"],
);
