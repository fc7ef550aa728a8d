import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import { at } from "../../../source/place.ts";
import { deliveryRules } from "./rules.ts";

/** Devices and claims are asked for by a container, so a workload that is given any must have one. */
export function withoutContainer(patches: readonly PodPatch[]): readonly Diagnostic[] {
  return patches.flatMap((patch) => {
    const { workload, devices, claims, origin } = patch;
    const asks = Object.keys(devices).length > 0 || claims.some((one) => one.inContainer);
    if (!asks || workload.containers.length > 0) return [];
    const place = at(workload.doc, ...workload.templatePath, "spec", "containers");
    const related = [{ place: origin, label: "given a device here" }];
    return [deliveryRules.diagnose("no-container", place, { ref: `${workload.kind} ${workload.name}` }, { related })];
  });
}
