import { type Fields, isFields, locateInManifest, type ReadManifest } from "./manifest.ts";
import { mergeStrategically } from "./merge-patch.ts";
import type { WorkloadPatch } from "./workload-patch.ts";

/** Objects of `patches/` that are no patch of Kustomize: parts of workloads, applied server-side beside their owners. */
export function isPartial({ kind, apiVersion, doc }: ReadManifest): boolean {
  return /(?:^|\/)patches\//.test(doc.file.path) && !/^kustomize\.config\.k8s\.io\//.test(apiVersion) && kind !== "";
}

/** Parts of workloads, as the API server merges them into what is there. */
export function readPartials(manifests: readonly ReadManifest[]): readonly WorkloadPatch[] {
  return manifests.filter(isPartial).map((manifest) => {
    const { kind, namespace, name, intent, value } = manifest;
    const apply = (whole: Fields) => appliedServerSide(whole, value) as Fields;
    return { kind, namespace, name, intent, place: locateInManifest(manifest), apply };
  });
}

/** Maps that server-side apply owns as a whole (mapType atomic in k8s.io/api core/v1); lists are as in a strategic merge. */
const ATOMIC: ReadonlySet<string> = new Set(["nodeSelector"]);

function appliedServerSide(base: unknown, part: unknown, key = ""): unknown {
  if (ATOMIC.has(key) || !isFields(base) || !isFields(part)) return mergeLists(base, part, key);
  const merged: Record<string, unknown> = { ...base };
  for (const name of Object.keys(part))
    merged[name] = Object.hasOwn(base, name) ? appliedServerSide(base[name], part[name], name) : part[name];
  return merged;
}

function mergeLists(base: unknown, part: unknown, key: string): unknown {
  return Array.isArray(part) ? mergeStrategically(base, part, key) : part;
}
