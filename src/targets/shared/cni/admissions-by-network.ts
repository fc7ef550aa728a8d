import type { Admission } from "../../../ir/plan.ts";

/** Who is admitted, by the intent id of the network. */
export function admissionsByNetwork(admissions: readonly Admission[]): ReadonlyMap<string, readonly Admission[]> {
  const map = new Map<string, Admission[]>();
  for (const admission of admissions) {
    const list = map.get(admission.network);
    if (list) list.push(admission);
    else map.set(admission.network, [admission]);
  }
  return map;
}
