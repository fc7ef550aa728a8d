import { validateFirewallPair } from "../../generated/validators.ts";
import { defineKind } from "../kind.ts";
import { addDefaultImage } from "../shared/gateway/default-image.ts";
import { checkFirewallPair } from "./check.ts";
import { contributeFirewallPair, contributeFirewallPairToPeers } from "./contribute.ts";
import { listExternallyManaged } from "./expects.ts";
import { claimPairAddresses, listPairInterfaces } from "./interfaces.ts";
import { firewallRules } from "./rules.ts";
import { firewallPairSchema } from "./schema.ts";
import type { FirewallPairSpec } from "./types.ts";

export const firewallPair = defineKind<FirewallPairSpec>({
  name: "FirewallPair",
  folder: "pairs",
  summary: "the only way across a zone's border: firewall pods with a leg in each network",
  schema: firewallPairSchema,
  validate: validateFirewallPair,
  rules: firewallRules,
  derive: (instance, _others, { project }) => ({
    instances: [addDefaultImage(instance, "firewall", project)],
    diagnostics: [],
  }),
  check: checkFirewallPair,
  references: (instance) =>
    listPairInterfaces(instance).flatMap(({ spec, at }) => [
      ...(spec.zone === undefined ? [] : [{ kind: "IsolationZone", name: spec.zone, from: at("zone") }]),
      ...(spec.external === undefined ? [] : [{ kind: "ExternalNetwork", name: spec.external, from: at("external") }]),
    ]),
  parties: (instance) =>
    instance.spec.rules.flatMap((rule, index) =>
      (["from", "to"] as const).map((key) => ({ party: rule[key], from: instance.at("rules", index, key) })),
    ),
  claims: claimPairAddresses,
  contribute: contributeFirewallPair,
  adopted: listExternallyManaged,
  contributeToPeers: contributeFirewallPairToPeers,
});
