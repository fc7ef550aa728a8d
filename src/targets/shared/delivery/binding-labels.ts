import type { Workload } from "../../../ir/workload.ts";

/** Labels that change with a version of a chart, or that controllers add. A binding by them would miss the next pods. */
const CHANGING: ReadonlySet<string> = new Set([
  "app.kubernetes.io/version",
  "chart",
  "controller-revision-hash",
  "helm.sh/chart",
  "heritage",
  "pod-template-generation",
  "pod-template-hash",
]);

/**
 * The labels by which admission knows a workload's pods: those of its selector, which the API server never lets change. Without a
 * selector (a Pod, a Job), those of its pods that no chart changes.
 */
export function selectBindingLabels({ selector, labels }: Workload): Readonly<Record<string, string>> {
  // What a selector asks for stands in the template too, or the API server refuses the workload.
  if (Object.keys(selector).length > 0) return selector;
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !CHANGING.has(key)));
}
