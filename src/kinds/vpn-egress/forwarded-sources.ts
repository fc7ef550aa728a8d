import type { Instance } from "../../ir/intent.ts";
import type { Cidr } from "../../net/cidr.ts";
import { parseService, type Service } from "../../net/service.ts";
import type { NodePlace } from "../../source/place.ts";
import type { FirewallPairSpec } from "../firewall-pair/types.ts";
import type { PlanBuilder } from "../plan-builder.ts";

/** A firewall rule that leads to what is behind a tunnel. */
export interface ForwardedSource {
  readonly name: string;
  readonly place: NodePlace;
  readonly sources: readonly Cidr[];
  readonly services: readonly Service[];
}

interface Leading {
  readonly pair: Instance<FirewallPairSpec>;
  readonly rule: number;
}

const byVpn = new WeakMap<PlanBuilder["all"], ReadonlyMap<string, readonly Leading[]>>();

/** Firewalls may send others to a tunnel too: its gateway must let exactly those in. */
export function listForwardedSources(vpn: string, plan: PlanBuilder): readonly ForwardedSource[] {
  return (index(plan).get(vpn) ?? []).flatMap(({ pair, rule }) => {
    const spec = pair.spec.rules[rule];
    const from = spec && plan.resolveParty(spec.from, pair.at("rules", rule, "from"));
    if (!spec || !from) return [];
    const services = (spec.ports ?? []).map((text) => parseService(text) as Service);
    return [{ name: `${pair.intent.name}-${spec.name}`, place: pair.at("rules", rule), sources: from.cidrs, services }];
  });
}

/** Intent ids of the firewalls that lead to a tunnel: their legs need its routes as clients do. */
export function listForwardingFirewalls(vpn: string, plan: PlanBuilder): readonly string[] {
  return [...new Set((index(plan).get(vpn) ?? []).map(({ pair }) => pair.intent.id))];
}

function index(plan: PlanBuilder): ReadonlyMap<string, readonly Leading[]> {
  const known = byVpn.get(plan.all);
  if (known) return known;
  const made = new Map<string, Leading[]>();
  for (const pair of plan.all("FirewallPair") as readonly Instance<FirewallPairSpec>[])
    for (const [rule, { to }] of pair.spec.rules.entries()) {
      if (to.vpn === undefined) continue;
      const list = made.get(to.vpn);
      if (list) list.push({ pair, rule });
      else made.set(to.vpn, [{ pair, rule }]);
    }
  byVpn.set(plan.all, made);
  return made;
}
