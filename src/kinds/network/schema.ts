import { buildAddressOrPairSchema, commonProperties, memberSchema, networkProperties } from "../../schema/common.ts";
import { list, object, oneOf, type Schema, text } from "../../schema/schema.ts";
import { trafficSchema } from "../shared/traffic/schema.ts";

const host = object(
  "A host that is no pod.",
  {
    name: text("How entries of `traffic` name it.", "name"),
    addresses: list(
      "Its addresses, or networks in CIDR form for a group of hosts.",
      text("An address or a network.", "address-or-cidr"),
      {
        minItems: 1,
      },
    ),
  },
  ["name", "addresses"],
);

const route = object("A network behind the gateway.", { to: text("Its addresses.", "cidr") }, ["to"]);

export const networkSchema: Schema = object(
  "A secondary network of the project's own that is not the border of a zone: a pod can have several.",
  {
    ...commonProperties,
    network: object("The network.", {
      separation: oneOf(
        "A VLAN, an uplink of its own, or nothing: a link or VLAN that other networks use too.",
        ["vlan", "physical", "shared"],
        "vlan",
      ),
      ...networkProperties,
      pods: list(
        "The part of the subnets that pods get addresses from. Absent: all of them, except for `hosts` and `gateway`.",
        text("A network.", "cidr"),
        { minItems: 1 },
      ),
    }),
    gateway: buildAddressOrPairSchema("A router on the network."),
    routes: list("What is reached through the gateway.", route),
    hosts: list("Hosts on the network that are no pods.", host),
    members: list("Workloads that are attached, of any namespaces.", memberSchema),
    traffic: trafficSchema,
  },
  ["network"],
);
