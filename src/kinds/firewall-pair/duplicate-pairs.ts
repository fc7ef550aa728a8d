import type { Instance } from "../../ir/intent.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { firewallRules } from "./rules.ts";
import type { FirewallPairSpec } from "./types.ts";

interface Joined {
  readonly instance: Instance<FirewallPairSpec>;
  readonly rule: number;
}

const byZones = new WeakMap<PlanBuilder["all"], ReadonlyMap<string, Joined>>();

/** Two firewalls between the same two zones are two sets of rules, of which the looser one counts. */
export function reportDuplicatePair(instance: Instance<FirewallPairSpec>, plan: PlanBuilder): boolean {
  const first = firstByZones(plan);
  for (const { key, from, to, rule } of joins(instance)) {
    const other = first.get(key);
    if (!other || other.instance === instance) continue;
    const related = [{ place: other.instance.at("rules", other.rule, "name"), label: "the first firewall" }];
    const parameters = { from, to, other: other.instance.intent.id };
    plan.report(
      firewallRules.diagnose("pair-contradicts", instance.at("rules", rule, "name"), parameters, { related }),
    );
    return true;
  }
  return false;
}

function joins(instance: Instance<FirewallPairSpec>) {
  return instance.spec.rules.flatMap(({ from, to }, rule) => {
    if (from.zone === undefined || to.zone === undefined) return [];
    const [a, b] = [from.zone, to.zone].sort() as [string, string];
    return [{ key: `${a} ${b}`, from: from.zone, to: to.zone, rule }];
  });
}

function firstByZones(plan: PlanBuilder): ReadonlyMap<string, Joined> {
  const known = byZones.get(plan.all);
  if (known) return known;
  const made = new Map<string, Joined>();
  for (const instance of plan.all("FirewallPair") as readonly Instance<FirewallPairSpec>[])
    for (const { key, rule } of joins(instance)) if (!made.has(key)) made.set(key, { instance, rule });
  byZones.set(plan.all, made);
  return made;
}
