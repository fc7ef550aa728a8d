import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import { admissionDelivery } from "./admission.ts";
import { FIRST_WITH_ADMISSION } from "./admission-check.ts";
import { checkContainerNames, checkContainersKnown, checkHasContainer } from "./check-containers.ts";
import type { DeliveryContext, DeliveryMethod, DeliveryResult } from "./delivery.ts";
import { findDelivery } from "./index.ts";
import { keepNamedComponents } from "./named-components.ts";
import { deliveryRules } from "./rules.ts";

export interface DeliveredPatches {
  readonly delivered: DeliveryResult;
  readonly diagnostics: readonly Diagnostic[];
  /** The patches with the whole values that admission may see. */
  readonly admitted: readonly PodPatch[];
}

/**
 * Patches by the project's delivery, but for those of pods that differ by ordinal: a pod template is the same for all pods, so
 * those are changed when they are created.
 */
export function deliverPatches(patches: readonly PodPatch[], into: DeliveryContext): DeliveredPatches {
  const own = findDelivery(into.project.delivery.patches);
  const byOrdinal = own === admissionDelivery ? [] : patches.filter((one) => one.perPod);
  const usual = byOrdinal.length === 0 ? patches : patches.filter((one) => !one.perPod);
  const left = keepNamedComponents(usual, own, into);
  const tooOld = withoutOrdinals(patches, into);
  const parts: readonly [DeliveryMethod, readonly PodPatch[]][] = [
    [own, usual],
    [admissionDelivery, byOrdinal],
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
      ...checkHasContainer(patches),
      ...used.flatMap(([delivery, its]) => checkContainersKnown(its, into.plan, delivery.name)),
      ...checkContainerNames(patches),
      ...(tooOld.length > 0 ? tooOld : used.flatMap(([delivery, its]) => delivery.check(its, into))),
      ...left.diagnostics,
    ],
    admitted: used.flatMap(([delivery, its]) => its.map((patch) => ({ ...patch, admits: delivery.admits(patch) }))),
  };
}

/** Before Kubernetes 1.36 no API server changes pods by a policy. */
function withoutOrdinals(patches: readonly PodPatch[], { plan }: DeliveryContext): readonly Diagnostic[] {
  const { kubernetes } = plan.cluster.platform;
  if (kubernetes >= FIRST_WITH_ADMISSION) return [];
  const parameters = { cluster: plan.cluster.name, version: `1.${kubernetes}` };
  return patches
    .filter((one) => one.perPod)
    .map(({ origin }) => deliveryRules.diagnose("per-pod-too-old", origin, parameters));
}
