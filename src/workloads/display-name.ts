import type { WorkloadRef } from "../ir/workload.ts";

/** `Deployment payments/card`: how messages call a workload. */
export function formatDisplayName(ref: WorkloadRef): string {
  return `${ref.kind} ${ref.namespace}/${ref.name}`;
}
