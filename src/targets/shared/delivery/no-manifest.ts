import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import type { PatchDelivery } from "../../../ir/project.ts";
import { at } from "../../../source/place.ts";
import { wordsFor } from "../../../workloads/words-for.ts";
import { deliveryRules } from "./rules.ts";

/** Declared workloads, for a delivery that needs the whole manifest. */
export function withoutManifest(patches: readonly PodPatch[], delivery: PatchDelivery): readonly Diagnostic[] {
  return patches.flatMap(({ workload, origin }) => {
    if (!workload.declared) return [];
    const place = at(workload.doc, "metadata", "name");
    const related = [{ place: origin, label: "the network is needed here" }];
    return [deliveryRules.diagnose("no-manifest", place, { delivery, ref: wordsFor(workload) }, { related })];
  });
}
