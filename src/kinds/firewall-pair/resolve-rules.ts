import type { Instance } from "../../ir/intent.ts";
import type { Family } from "../../net/address.ts";
import { type Cidr, containsCidr, formatCidr, parseKnownCidr } from "../../net/cidr.ts";
import { containsService, parseService, type Service } from "../../net/service.ts";
import { type NodePlace, placeBelow } from "../../source/place.ts";
import type { ExternalNetworkSpec } from "../external-network/types.ts";
import type { PlanBuilder, ResolvedParty } from "../plan-builder.ts";
import { checkNodeAddresses } from "../shared/internet.ts";
import type { VpnEgressSpec } from "../vpn-egress/types.ts";
import { leadsToInternet, listPairInterfaces, type PairInterface } from "./interfaces.ts";
import { firewallRules } from "./rules.ts";
import type { FirewallPairSpec, FirewallRuleSpec } from "./types.ts";

/** A rule with its ends found: legs and addresses. */
export interface ResolvedRule {
  readonly spec: FirewallRuleSpec;
  readonly index: number;
  readonly from: ResolvedParty;
  readonly to: ResolvedParty;
  readonly fromLeg: PairInterface;
  readonly toLeg: PairInterface;
  readonly services: readonly Service[];
  /** Families that both ends have, with their addresses. */
  readonly families: readonly {
    readonly family: Family;
    readonly sources: readonly Cidr[];
    readonly destinations: readonly Cidr[];
  }[];
  at(...path: (string | number)[]): NodePlace;
}

/** Rules whose ends are known; the others are reported and left out. */
export function resolveRules(instance: Instance<FirewallPairSpec>, plan: PlanBuilder): readonly ResolvedRule[] {
  const legs = listPairInterfaces(instance);
  const resolved = instance.spec.rules.flatMap((spec, index): ResolvedRule[] => {
    const at = (...path: (string | number)[]) => instance.at("rules", index, ...path);
    const from = partyAt(plan.resolveParty(spec.from, at("from")), at("from"), legs, plan);
    const to = partyAt(plan.resolveParty(spec.to, at("to")), at("to"), legs, plan);
    if (!from || !to || coversEverything(spec, from, to, at, plan)) return [];
    const fromLeg = legFor(from, at("from"), legs, plan);
    const toLeg = legFor(to, at("to"), legs, plan);
    if (!fromLeg || !toLeg) return [];
    const services = (spec.ports ?? []).map((text) => parseService(text) as Service);
    const families = ([4, 6] as const).flatMap((family) => {
      const sources = from.cidrs.filter((one) => one.family === family);
      const destinations = to.cidrs.filter((one) => one.family === family);
      return sources.length > 0 && destinations.length > 0 ? [{ family, sources, destinations }] : [];
    });
    if (unknownNodes(from, to, at, plan)) return [];
    const rule = { spec, index, from, to, fromLeg, toLeg, services, families, at };
    return makesSense(rule, plan) ? [rule] : [];
  });
  shadows(resolved, plan);
  return resolved;
}

/** The internet lies behind the leg whose network leads there. */
function partyAt(
  party: ResolvedParty | undefined,
  place: NodePlace,
  legs: readonly PairInterface[],
  plan: PlanBuilder,
): ResolvedParty | undefined {
  if (!party?.internet) return party;
  const leading = legs.filter((leg) => leadsToInternet(leg, plan));
  const [leg, second] = leading;
  if (leg && !second)
    return { ...party, network: leg.network, id: leg.network, end: { ...party.end, party: leg.network } };
  const parameters = { found: leg ? `${leading.length} legs` : "none of the legs" };
  plan.report(firewallRules.diagnose("internet-behind", placeBelow(place, "internet"), parameters));
  return undefined;
}

/** Of each family that the other end has, the addresses of the nodes must be known: the internet is what they are not. */
function unknownNodes(from: ResolvedParty, to: ResolvedParty, at: ResolvedRule["at"], plan: PlanBuilder): boolean {
  const [key, other] = to.internet ? (["to", from] as const) : (["from", to] as const);
  if (!to.internet && !from.internet) return false;
  const missing = checkNodeAddresses(
    plan.cluster,
    other.cidrs.map((one) => one.family),
    placeBelow(at(key), "internet"),
  );
  if (missing) plan.report(missing);
  return missing !== undefined;
}

/** Every address there is: that covers zones and pods, which are somewhere else. */
function coversEverything(
  spec: FirewallRuleSpec,
  from: ResolvedParty,
  to: ResolvedParty,
  at: ResolvedRule["at"],
  plan: PlanBuilder,
): boolean {
  const key = to.cidrs.some((one) => one.prefix === 0)
    ? "to"
    : from.cidrs.some((one) => one.prefix === 0)
      ? "from"
      : undefined;
  if (key) plan.report(firewallRules.diagnose("whole-internet", at(key), { rule: spec.name }));
  return key !== undefined;
}

function makesSense({ spec, fromLeg, toLeg, families, at }: ResolvedRule, plan: PlanBuilder): boolean {
  if (fromLeg === toLeg) {
    plan.report(firewallRules.diagnose("same-leg", at("to"), { rule: spec.name, leg: fromLeg.spec.name }));
    return false;
  }
  if (families.length > 0) return true;
  plan.report(firewallRules.diagnose("no-common-family", at("to"), { rule: spec.name }));
  return false;
}

/** The leg that a party is behind: in its network, or in the one through which it is reached. */
function legFor(
  party: ResolvedParty,
  place: NodePlace,
  legs: readonly PairInterface[],
  plan: PlanBuilder,
): PairInterface | undefined {
  const network = party.network ?? networkOfVpn(party, plan);
  const leg = network === undefined ? legBehind(party.cidrs, legs, plan) : legs.find((one) => one.network === network);
  if (leg?.spec.zone !== undefined && network === undefined) {
    // Routes and policies follow parties: addresses alone would leave them out.
    const parameters = { cidr: party.cidrs.map(formatCidr).join(", "), zone: leg.spec.zone };
    plan.report(firewallRules.diagnose("cidr-in-zone", placeBelow(place, "cidr"), parameters));
    return undefined;
  }
  if (leg) return leg;
  const have = legs.map((one) => one.network).join(", ");
  plan.report(
    firewallRules.diagnose(
      "unreached-party",
      place,
      { party: party.description },
      { notes: [`its legs are in ${have}`] },
    ),
  );
  return undefined;
}

/** What lies behind a VPN is reached through the network that its gateway stands in. */
function networkOfVpn(party: ResolvedParty, plan: PlanBuilder): string | undefined {
  if (!party.id?.startsWith("vpnegress/")) return undefined;
  const spec = plan.find("VpnEgress", party.id.slice("vpnegress/".length))?.spec as VpnEgressSpec | undefined;
  return spec?.network ? party.id : spec && `isolationzone/${spec.clients.zone}`;
}

/** Bare addresses: the leg whose subnet holds them, or behind whose gateway they are. */
function legBehind(
  cidrs: readonly Cidr[],
  legs: readonly PairInterface[],
  plan: PlanBuilder,
): PairInterface | undefined {
  return legs.find((leg) => {
    const site = plan.findSegment(leg.network);
    const external = leg.spec.external === undefined ? undefined : plan.find("ExternalNetwork", leg.spec.external);
    const routed = ((external?.spec as ExternalNetworkSpec | undefined)?.routes ?? []).map((route) =>
      parseKnownCidr(route.to),
    );
    const there = [...(site?.subnets ?? []), ...routed];
    return cidrs.every((one) => there.some((outer) => containsCidr(outer, one)));
  });
}

/** A rule of which an earlier one lets everything through can be deleted, or is a slip. */
function shadows(rules: readonly ResolvedRule[], plan: PlanBuilder): void {
  const byLegs = new Map<string, ResolvedRule[]>();
  for (const rule of rules) {
    const key = `${rule.fromLeg.index} ${rule.toLeg.index}`;
    const earlier = byLegs.get(key) ?? [];
    byLegs.set(key, earlier);
    const over = earlier.find((other) => covers(other, rule));
    if (over) {
      const related = [{ place: over.at("name"), label: "the earlier rule" }];
      plan.report(
        firewallRules.diagnose(
          "shadowed",
          rule.at("name"),
          { rule: rule.spec.name, other: over.spec.name },
          { related },
        ),
      );
    }
    earlier.push(rule);
  }
}

function covers(outer: ResolvedRule, inner: ResolvedRule): boolean {
  const all = (a: readonly Cidr[], b: readonly Cidr[]) => b.every((one) => a.some((other) => containsCidr(other, one)));
  const services =
    outer.services.length === 0 ||
    (inner.services.length > 0 &&
      inner.services.every((one) => outer.services.some((other) => containsService(other, one))));
  return (
    services && !inner.spec.publish && all(outer.from.cidrs, inner.from.cidrs) && all(outer.to.cidrs, inner.to.cidrs)
  );
}
