import type { Workload } from "../ir/workload.ts";

const HOOK = "helm.sh/hook";

/** A pod that `helm test` runs. It carries the labels of the pods that it tests, and no network of a project is for it. */
export function isTestHook({ kind, annotations }: Workload): boolean {
  return kind === "Pod" && (annotations[HOOK] ?? "").includes("test");
}
