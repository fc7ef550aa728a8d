import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { NodePlace } from "../../../source/place.ts";
import { verifyRules } from "../../rules.ts";
import { type Fields, formatName, type ReadManifest } from "./manifest.ts";

/** A change of one workload's manifest, whichever way it reaches the workload. */
export interface WorkloadPatch {
  readonly kind: string;
  /** Where only a workload of that version takes it. */
  readonly apiVersion?: string | undefined;
  readonly namespace: string;
  /** Where its workload may come of another kustomization: the folder of the patch says the namespace that it ends in. */
  readonly folder?: string;
  readonly name: string;
  readonly place: NodePlace;
  readonly intent: string | undefined;
  apply(value: Fields): Fields | string;
}

export interface ReadPatches {
  readonly patches: readonly WorkloadPatch[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface PatchedWorkloads {
  readonly workloads: readonly ReadManifest[];
  /** Where each patched workload got what it has now, by its name. */
  readonly patchedAt: ReadonlyMap<string, NodePlace>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Workloads with all patches applied. A patch that no workload takes is a finding, as it is where it is applied. */
export function patchWorkloads(
  workloads: readonly ReadManifest[],
  patches: readonly WorkloadPatch[],
): PatchedWorkloads {
  const byName = new Map(workloads.map((one) => [formatName(one), one]));
  const moved = new Map(
    workloads.flatMap((one) =>
      one.writtenNamespace === undefined ? [] : [[movedKey(one.writtenNamespace, one), formatName(one)]],
    ),
  );
  const patchedAt = new Map<string, NodePlace>();
  const diagnostics: Diagnostic[] = [];
  for (const patch of patches) {
    const what = moved.get(movedKey(patch.namespace, { ...patch, namespace: patch.folder ?? "" })) ?? formatName(patch);
    const found = byName.get(what);
    if (!found || (patch.apiVersion !== undefined && patch.apiVersion !== found.apiVersion)) {
      diagnostics.push(verifyRules.diagnose("missing-workload", patch.place, { what }));
      continue;
    }
    const value = patch.apply(found.value);
    if (typeof value === "string")
      diagnostics.push(verifyRules.diagnose("unreadable", patch.place, { what: `the patch of ${what}`, why: value }));
    else {
      byName.set(what, { ...found, value });
      patchedAt.set(what, patch.place);
    }
  }
  return { workloads: [...byName.values()], patchedAt, diagnostics };
}

/** A workload by the namespace that its text names, and the one that a kustomization puts it into. */
function movedKey(written: string, one: Pick<ReadManifest, "kind" | "namespace" | "name">): string {
  return `${written} ${formatName(one)}`;
}
