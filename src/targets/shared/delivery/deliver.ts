import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import { admission } from "./admission.ts";
import { FIRST_WITH_ADMISSION } from "./admission-check.ts";
import type { Delivered, Delivery, Destination } from "./delivery.ts";
import { deliveryNamed } from "./index.ts";
import { leftComponents } from "./named-components.ts";
import { badContainerNames, unknownContainers, withoutContainer } from "./no-container.ts";
import { deliveryRules } from "./rules.ts";

export interface DeliveredPatches {
  readonly delivered: Delivered;
  readonly diagnostics: readonly Diagnostic[];
  /** The patches with the whole values that admission may see. */
  readonly admitted: readonly PodPatch[];
}

/**
 * Patches by the project's delivery, but for those of pods that differ by ordinal: a pod template is the same for all pods, so
 * those are changed when they are created.
 */
export function deliverPatches(patches: readonly PodPatch[], into: Destination): DeliveredPatches {
  const own = deliveryNamed(into.project.delivery.patches);
  const byOrdinal = own === admission ? [] : patches.filter((one) => one.perPod);
  const usual = byOrdinal.length === 0 ? patches : patches.filter((one) => !one.perPod);
  const left = leftComponents(usual, own, into);
  const tooOld = withoutOrdinals(patches, into);
  const parts: readonly [Delivery, readonly PodPatch[]][] = [
    [own, usual],
    [admission, byOrdinal],
  ];
  const used = parts.filter(([delivery, its]) => delivery === own || its.length > 0);
  const written = used.map(([delivery, its]) => delivery.write(its, into));
  return {
    delivered: {
      files: [...written.flatMap((one) => one.files), ...left.files],
      applied: written.flatMap((one) => one.applied),
      manifests: written.flatMap((one) => one.manifests),
      apart: written.find((one) => one.apart !== undefined)?.apart,
      handoff: written.flatMap((one) => one.handoff),
    },
    diagnostics: [
      ...withoutContainer(patches),
      ...used.flatMap(([delivery, its]) => unknownContainers(its, into.plan, delivery.name)),
      ...badContainerNames(patches),
      ...(tooOld.length > 0 ? tooOld : used.flatMap(([delivery, its]) => delivery.check(its, into))),
      ...left.diagnostics,
    ],
    admitted: used.flatMap(([delivery, its]) => its.map((patch) => ({ ...patch, admits: delivery.admits(patch) }))),
  };
}

/** Before Kubernetes 1.36 no API server changes pods by a policy. */
function withoutOrdinals(patches: readonly PodPatch[], { plan }: Destination): readonly Diagnostic[] {
  const { kubernetes } = plan.cluster.platform;
  if (kubernetes >= FIRST_WITH_ADMISSION) return [];
  const parameters = { cluster: plan.cluster.name, version: `1.${kubernetes}` };
  return patches
    .filter((one) => one.perPod)
    .map(({ origin }) => deliveryRules.diagnose("per-pod-too-old", origin, parameters));
}
