import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import type { Plan } from "../../../ir/plan.ts";
import type { PatchDelivery } from "../../../ir/project.ts";
import { isDnsLabel } from "../../../net/name.ts";
import { placeAt } from "../../../source/place.ts";
import { readCapabilityDrops } from "../../../workloads/capability-drops.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { deliveryRules } from "./rules.ts";

/** Devices and claims are asked for by a container, so a workload that is given any must have one. */
export function checkHasContainer(patches: readonly PodPatch[]): readonly Diagnostic[] {
  return patches.flatMap((patch) => {
    const { workload, origin } = patch;
    if (!asksForDevices(patch) || workload.containers.length > 0) return [];
    const place = placeAt(workload.doc, ...workload.templatePath, "spec", "containers");
    const related = [{ place: origin, label: "given a device here" }];
    return [deliveryRules.diagnose("no-container", place, { ref: `${workload.kind} ${workload.name}` }, { related })];
  });
}

function asksForDevices({ devices, claims }: PodPatch): boolean {
  return Object.keys(devices).length > 0 || claims.some((one) => one.inContainer);
}

/** A patch drops NET_RAW by the names of containers. Only admission knows those that no manifest names. */
export function checkContainersKnown(
  patches: readonly PodPatch[],
  plan: Plan,
  delivery: PatchDelivery,
): readonly Diagnostic[] {
  if (delivery === "admission") return [];
  const enforced = new Set(plan.zones.filter((one) => !one.audit).flatMap((one) => one.namespaces));
  return patches.flatMap((patch) => {
    const { workload, dropsRaw, origin } = patch;
    if (!dropsRaw || asksForDevices(patch) || workload.containers.length > 0 || !enforced.has(workload.namespace))
      return [];
    const place = placeAt(workload.doc, ...workload.templatePath, "spec");
    const related = [{ place: origin, label: "a member of the zone here" }];
    return [deliveryRules.diagnose("containers-unknown", place, { ref: formatDisplayName(workload) }, { related })];
  });
}

/** A patch names containers, and a name that no pod can have is not copied from a manifest into an object. */
export function checkContainerNames(patches: readonly PodPatch[]): readonly Diagnostic[] {
  return patches
    .filter((patch) => patch.dropsRaw)
    .flatMap(({ workload }) => readCapabilityDrops(workload).filter(({ name }) => !isDnsLabel(name)))
    .map(({ place }) => deliveryRules.diagnose("bad-container-name", place, {}));
}
