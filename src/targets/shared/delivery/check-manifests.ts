import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import type { PatchDelivery } from "../../../ir/project.ts";
import { placeAt } from "../../../source/place.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { deliveryRules } from "./rules.ts";

/** Declared workloads, for a delivery that needs the whole manifest. */
export function checkHasManifest(patches: readonly PodPatch[], delivery: PatchDelivery): readonly Diagnostic[] {
  return patches.flatMap(({ workload, origin }) => {
    if (!workload.declared) return [];
    const place = placeAt(workload.doc, "metadata", "name");
    const related = [{ place: origin, label: "the network is needed here" }];
    return [deliveryRules.diagnose("no-manifest", place, { delivery, ref: formatDisplayName(workload) }, { related })];
  });
}
