import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import type { Member } from "../members.ts";
import { trafficRules } from "./rules.ts";

/**
 * Members with addresses of their own: policies on a network match addresses, so whoever shares a pool cannot be told apart.
 * A member that has neither addresses nor a range gets a range that fits its pods.
 */
export function addOwnRanges(
  members: readonly Member[],
  addressing: string,
): { readonly members: readonly Member[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const own = members.map((member): Member => {
    const { spec, workload } = member;
    if (spec.addresses || spec.range) return member;
    const ref = formatDisplayName(workload);
    if (addressing !== "pool")
      diagnostics.push(trafficRules.diagnose("no-addresses", member.place, { ref, addressing }));
    else if (workload.pods === undefined)
      diagnostics.push(trafficRules.diagnose("how-many-pods", member.place, { ref }));
    else return { ...member, spec: { ...spec, range: { size: roomFor(workload.pods) } } };
    return member;
  });
  return { members: own, diagnostics };
}

/** A power of two above the number of pods: an address of a pod that ends is free some time later. */
function roomFor(pods: number): number {
  return Math.max(4, 2 ** Math.ceil(Math.log2(pods + 1)));
}
