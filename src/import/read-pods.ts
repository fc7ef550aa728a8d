import type { WorkloadFile } from "../ir/compiled.ts";
import type { Workloads } from "../ir/workload.ts";
import type { SourceFile } from "../source/source-file.ts";
import { NETWORKS_ANNOTATION } from "../workloads/network-annotation.ts";
import { readWorkloads, workloadKey } from "../workloads/read-workloads.ts";
import { spanOf } from "../yaml/span.ts";
import type { Loss } from "./loss.ts";
import type { NamespaceOf } from "./namespaces.ts";

export interface ReadPods {
  readonly workloads: Workloads;
  readonly files: readonly WorkloadFile[];
  readonly losses: readonly Loss[];
}

/** The workloads that name networks, as a compile reads them. A file that it would refuse stays out of the project. */
export function readPods(files: readonly SourceFile[], namespaceOf: NamespaceOf): ReadPods {
  const kept: WorkloadFile[] = [];
  const losses: Loss[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    if (!file.text.includes(NETWORKS_ANNOTATION)) continue;
    const one = { file, namespace: namespaceOf(file.path) };
    const { value, diagnostics } = readWorkloads([one]);
    const wrong = diagnostics.find((found) => found.severity === "error");
    const keys = value.all.map(workloadKey);
    const twice = keys.find((key) => seen.has(key));
    if (wrong || twice !== undefined) {
      const place = wrong?.place ? spanOf(wrong.place) : { file, start: 0, end: 0 };
      const why = wrong ? wrong.message : `${twice} is in another file already`;
      losses.push({ kind: "workload", what: "the pods of this file", why, place });
      continue;
    }
    if (!value.all.some((workload) => workload.present.length > 0)) continue;
    for (const key of keys) seen.add(key);
    kept.push(one);
  }
  return { workloads: readWorkloads(kept).value, files: kept, losses };
}
