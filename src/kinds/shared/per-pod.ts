import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Workload } from "../../ir/workload.ts";
import { parseAddress } from "../../net/address.ts";
import { placeAt } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { findValue } from "../../yaml/span.ts";
import { memberRules } from "./member-rules.ts";
import type { Member } from "./members.ts";

/** Addresses by ordinal are for the pods of a StatefulSet: one entry for each, all of the same address families. */
export function checkPerPod({ workload, spec, at: place }: Member): readonly Diagnostic[] {
  const { perPod } = spec;
  if (!perPod) return [];
  const ref = formatDisplayName(workload);
  const here = place("addresses", "perPod");
  if (workload.kind !== "StatefulSet") {
    const help = workload.pods === 1 ? "write `addresses: […]` for its one pod" : "use `range: {size: …}`";
    return [memberRules.diagnose("per-pod-not-stateful", here, { ref }, { help })];
  }
  const found: Diagnostic[] = [];
  const first = familiesOf(perPod[0] ?? []);
  for (const [index, addresses] of perPod.entries()) {
    const families = familiesOf(addresses);
    if (families === first && new Set(families).size === families.length) continue;
    found.push(memberRules.diagnose("per-pod-families", place("addresses", "perPod", index), { pod: index }));
  }
  const last = lastOrdinal(workload);
  if (last !== undefined && last >= perPod.length) {
    const related = [
      { place: placeAt(workload.doc, ...objectPath(workload), "spec", "replicas"), label: "how many pods" },
    ];
    const parameters = { ref, known: perPod.length, missing: last };
    const help = `add the addresses of ${last > perPod.length ? `pods ${perPod.length} to` : "pod"} ${last}, or lower \`replicas\``;
    found.push(memberRules.diagnose("per-pod-too-few", here, parameters, { related, help }));
  }
  return found;
}

/** `46` where there is one of each, in the order of the families. */
function familiesOf(addresses: readonly string[]): string {
  return addresses
    .map((text) => String(parseAddress(text)?.family ?? ""))
    .sort()
    .join("");
}

/** The ordinal of its last pod; undefined where it has none. */
function lastOrdinal(workload: Workload): number | undefined {
  const start = findValue(workload.doc.value, [...objectPath(workload), "spec", "ordinals", "start"]);
  const replicas = workload.replicas ?? 1;
  return replicas === 0 ? undefined : (typeof start === "number" ? start : 0) + replicas - 1;
}

/** Where its object stands in the document: its template is two steps below. */
function objectPath({ templatePath }: Workload) {
  return templatePath.slice(0, -2);
}
