import type { PodPatch } from "../../../ir/manifest.ts";
import type { ReleaseObject } from "../../../ir/workload.ts";
import type { DeliveryContext } from "./delivery.ts";

export const HELM_RELEASE = "HelmRelease";

/** `downloads/helmrelease-qbittorrent`: the folder of a release's component. */
export function formatReleaseFolder({ namespace, kind, name }: ReleaseObject): string {
  return `${namespace}/${kind.toLowerCase()}-${name}`;
}

/** The HelmRelease that makes a workload, where its manifest is known. */
export function findReleaseObject(
  { workload }: PodPatch,
  { plan, project }: DeliveryContext,
): ReleaseObject | undefined {
  const release = workload.declared?.release;
  if (project.delivery.patches !== "helmRelease" || release?.kind !== HELM_RELEASE) return undefined;
  return plan.workloads.release(release);
}
