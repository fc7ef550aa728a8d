import type { PlannedPolicyRule } from "../../../ir/plan.ts";

/** Who is admitted, by the intent id of the network. */
export function groupPolicyRules(
  admissions: readonly PlannedPolicyRule[],
): ReadonlyMap<string, readonly PlannedPolicyRule[]> {
  const map = new Map<string, PlannedPolicyRule[]>();
  for (const admission of admissions) {
    const list = map.get(admission.network);
    if (list) list.push(admission);
    else map.set(admission.network, [admission]);
  }
  return map;
}
