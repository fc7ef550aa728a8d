import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Link } from "../../../ir/plan.ts";
import type { Workload } from "../../../ir/workload.ts";
import { type Place, placeAt } from "../../../source/place.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { platformRules } from "./rules.ts";

/** Nodes that have every link of a workload; a workload that asks for other nodes could never be scheduled. */
export function patchNodeSelector(
  workload: Workload,
  links: readonly Link[],
  origin: Place,
  found: Diagnostic[],
): Readonly<Record<string, string>> {
  const selector: Record<string, string> = Object.assign({}, ...links.map((link) => link.nodes?.matchLabels ?? {}));
  for (const [key, wanted] of Object.entries(selector)) {
    const written = workload.nodeSelector[key];
    if (written === undefined || written === wanted) continue;
    const place = placeAt(workload.doc, ...workload.templatePath, "spec", "nodeSelector", key);
    const parameters = { ref: formatDisplayName(workload), key, wanted, found: written };
    const related = [{ place, label: "the manifest's own" }];
    found.push(platformRules.diagnose("node-selector", origin, parameters, { related }));
  }
  return selector;
}
