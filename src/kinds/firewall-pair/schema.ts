import {
  availabilitySchema,
  buildAddressOrPairSchema,
  buildPartySchema,
  commonProperties,
  podSettingsSchema,
  servicesSchema,
  workloadRefSchema,
} from "../../schema/common.ts";
import { flag, integer, list, object, oneOf, type Schema, text } from "../../schema/schema.ts";

const leg = object(
  "An interface of the firewall in one network: exactly one of zone, external.",
  {
    name: text("How it is called in the ruleset.", "name"),
    zone: text("An IsolationZone.", "name"),
    external: text("An ExternalNetwork.", "name"),
    addresses: list(
      "One item per member. Absent: allocated.",
      buildAddressOrPairSchema("A member's address, or one per family."),
      { maxItems: 2 },
    ),
    virtualAddress: buildAddressOrPairSchema("The address that others route to. Absent: allocated."),
    nat: oneOf("Whether sources are translated, on external legs.", ["none", "virtualAddress", "masquerade"], "none"),
    interface: text("Name of the interface in the pod. Default: netN by the order of the legs.", "interface"),
  },
  ["name"],
);

const rule = object(
  "Traffic that may pass. Everything else is dropped.",
  {
    name: text("Names the rule in logs and counters.", "name"),
    from: buildPartySchema("Who connects."),
    to: buildPartySchema("To whom."),
    ports: servicesSchema,
    log: flag("Whether new connections are logged.", false),
    publish: object(
      "A stable target for clients outside: translated to the destination.",
      { address: text("An address of the leg.", "address"), port: integer("The port they connect to.", 1, 65535) },
      ["address", "port"],
    ),
  },
  ["name", "from", "to"],
);

export const firewallPairSchema: Schema = object(
  "The only way across a zone's border: two firewall pods with a leg in each network.",
  {
    ...commonProperties,
    namespace: text("Where the firewall runs; a namespace of its own.", "name"),
    manageNamespace: flag("Whether the Namespace object is emitted.", true),
    legs: list("Two to eight networks.", leg, { minItems: 2, maxItems: 8 }),
    rules: list("What may pass, first match first.", rule),
    availability: availabilitySchema,
    image: text(
      "Absent: `defaults.images.firewall` of the project. nftables, keepalived and iproute2, by digest: `images/firewall` of the repository; see `images/README.md`.",
      "image",
    ),
    pod: podSettingsSchema,
    adopt: list("Network functions that somebody else builds, in place of ours.", workloadRefSchema, {
      minItems: 1,
      maxItems: 2,
    }),
  },
  ["namespace", "legs", "rules"],
);
