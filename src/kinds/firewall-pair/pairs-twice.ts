import type { Instance } from "../../ir/intent.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { firewallRules } from "./rules.ts";
import type { FirewallPairSpec } from "./types.ts";

/** Two firewalls between the same two networks are two sets of rules, of which the looser one counts. */
export function pairsTwice(instance: Instance<FirewallPairSpec>, plan: PlanBuilder): void {
  const joined = (one: Instance<FirewallPairSpec>) =>
    one.spec.rules.flatMap((rule, index) =>
      rule.from.zone && rule.to.zone ? [{ key: [rule.from.zone, rule.to.zone].sort().join(" "), index }] : [],
    );
  const mine = joined(instance);
  if (mine.length === 0) return;
  for (const other of plan.all("FirewallPair") as readonly Instance<FirewallPairSpec>[]) {
    if (other.intent.id >= instance.intent.id) break;
    const theirs = joined(other);
    const clash = mine.find(({ key }) => theirs.some((one) => one.key === key));
    if (!clash) continue;
    const [from = "", to = ""] = clash.key.split(" ");
    const first = theirs.find((one) => one.key === clash.key)?.index ?? 0;
    const related = [{ place: other.at("rules", first, "name"), label: "the first firewall" }];
    const parameters = { from, to, other: other.intent.id };
    plan.report(
      firewallRules.diagnose("pair-contradicts", instance.at("rules", clash.index, "name"), parameters, { related }),
    );
    return;
  }
}
