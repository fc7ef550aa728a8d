import type { Instance } from "../../ir/intent.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { containsAddress } from "../../net/cidr.ts";
import { parseService } from "../../net/service.ts";
import type { IntentContext, PlanBuilder } from "../plan-builder.ts";
import { leadsToInternet, type PairInterface } from "./interfaces.ts";
import { firewallRules } from "./rules.ts";
import type { FirewallPairSpec, FirewallRuleSpec } from "./types.ts";

/** Addresses that a leg answers for besides its virtual ones, because rules publish on them. */
export function listPublishedAddresses(
  instance: Instance<FirewallPairSpec>,
  leg: PairInterface,
  plan: PlanBuilder,
): readonly Address[] {
  const site = plan.findSegment(leg.network);
  const found = new Map<string, Address>();
  for (const [index, rule] of instance.spec.rules.entries()) {
    if (!rule.publish || leg.spec.external === undefined || !entersThrough(rule, leg, plan)) continue;
    const at = (...path: (string | number)[]) => instance.at("rules", index, ...path);
    const services = (rule.ports ?? []).map(parseService);
    const [only] = services;
    if (services.length !== 1 || !only || only.first !== only.last || !["tcp", "udp"].includes(only.protocol))
      plan.report(firewallRules.diagnose("publish-ports", at("ports"), { rule: rule.name }));
    const target = plan.resolveParty(rule.to, at("to"));
    const address = parseAddress(rule.publish.address) as Address;
    const hosts = (target?.cidrs ?? []).filter((one) => one.family === address.family);
    if (target && !(hosts.length === 1 && hosts[0]?.prefix === (address.family === 4 ? 32 : 128)))
      plan.report(firewallRules.diagnose("publish-target", at("to"), { rule: rule.name }));
    // One outside the subnet was reported where it was claimed.
    const inside = site?.subnets.some((subnet) => containsAddress(subnet, address)) ?? false;
    if (inside && !isVirtual(leg, rule.publish.address)) found.set(rule.publish.address, address);
  }
  return [...found.values()];
}

function isVirtual(leg: PairInterface, address: string): boolean {
  const written = leg.spec.virtualAddress;
  return written === address || (Array.isArray(written) && written.includes(address));
}

/** Whether the clients of a rule come in by a leg: they are in its network, or in the internet behind it. */
export function entersThrough(rule: FirewallRuleSpec, leg: PairInterface, scene: Pick<IntentContext, "find">): boolean {
  return rule.from.external === leg.spec.external || (rule.from.internet === true && leadsToInternet(leg, scene));
}
