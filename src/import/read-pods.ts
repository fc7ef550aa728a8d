import type { WorkloadFile } from "../ir/compiled.ts";
import type { Workload, Workloads } from "../ir/workload.ts";
import type { SourceFile } from "../source/source-file.ts";
import { formatDisplayName } from "../workloads/display-name.ts";
import { NETWORKS_ANNOTATION } from "../workloads/network-annotation.ts";
import { formatWorkloadKey, readWorkloads } from "../workloads/read-workloads.ts";
import { findSpan } from "../yaml/span.ts";
import { buildWorkloadLoss } from "./existing-members.ts";
import type { EstateLayout } from "./layout.ts";
import type { ImportLoss } from "./loss.ts";

export interface ReadPods {
  readonly workloads: Workloads;
  readonly files: readonly WorkloadFile[];
  readonly losses: readonly ImportLoss[];
}

/** The workloads that name networks, as a compile reads them. A file that it would refuse stays out of the project. */
export function readPods(files: readonly SourceFile[], layout: EstateLayout): ReadPods {
  const kept: WorkloadFile[] = [];
  const losses: ImportLoss[] = [];
  const seen = new Map<string, Workload>();
  for (const file of files) {
    if (!file.text.includes(NETWORKS_ANNOTATION) || layout.patchFiles.has(file.path)) continue;
    const one = { file, namespace: layout.namespaceOf(file.path) };
    const { value, diagnostics } = readWorkloads([one]);
    const wrong = diagnostics.find((found) => found.severity === "error");
    const keys = value.all.map(formatWorkloadKey);
    const twice = keys.find((key) => seen.has(key));
    if (!wrong && value.all.length > 0 && value.all.every((one) => isSame(one, seen.get(formatWorkloadKey(one))))) {
      const [first] = keys.flatMap((key) => seen.get(key) ?? []);
      const why = `they are those of ${first?.doc.file.path}, with the same networks, so its patch fits these as well`;
      losses.push({ kind: "detail", what: "the pods of this file", why, place: { file, start: 0, end: 0 } });
      continue;
    }
    if (wrong || twice !== undefined) {
      const place = wrong?.place ? findSpan(wrong.place) : { file, start: 0, end: 0 };
      const why = wrong
        ? `${wrong.message}: render it first, and import the rendered file`
        : `${twice} is in another file already`;
      losses.push({ kind: "workload", sort: "guess", what: "the pods of this file", why, place });
      continue;
    }
    const named = value.all.filter((workload) => workload.present.length > 0);
    if (named.length === 0) continue;
    const changed = named.filter((workload) => explainChanges(workload, layout) !== undefined);
    for (const workload of changed)
      losses.push(
        ...workload.present.map(({ namespace, name }) =>
          buildWorkloadLoss(workload, `${namespace}/${name}`, explainChanges(workload, layout) as string, "guess"),
        ),
      );
    if (changed.length > 0) continue;
    for (const workload of value.all) seen.set(formatWorkloadKey(workload), workload);
    kept.push(one);
  }
  return { workloads: readWorkloads(kept).value, files: kept, losses };
}

/** Whether a workload of another file has the same networks. */
function isSame(one: Workload, other: Workload | undefined): boolean {
  return other !== undefined && JSON.stringify(one.present) === JSON.stringify(other.present);
}

/** What kustomize makes of a workload beyond what its file says. */
function explainChanges(workload: Workload, layout: EstateLayout): string | undefined {
  const places = layout.placements(workload.doc.file.path);
  const [place] = places;
  if (!place) return undefined;
  const words = formatDisplayName(workload);
  if (places.length > 1) return "several kustomizations take its file in: import the rendered output of one of them";
  if (workload.ownNamespace && place.forced !== undefined && place.forced !== workload.namespace)
    return `kustomize puts it in namespace ${place.forced}: take \`namespace\` out of its manifest, or import the rendered output`;
  if (place.prefix !== "" || place.suffix !== "")
    return `kustomize calls it ${place.prefix}${workload.name}${place.suffix} and not ${words}: import the rendered output`;
  return undefined;
}
