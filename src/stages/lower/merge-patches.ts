import type { PodPatch } from "../../ir/manifest.ts";
import type { Workload } from "../../ir/workload.ts";
import { hashContent } from "../../net/hash.ts";

/** Patches of several targets for one workload as one: each of them stands in a file of its own, and there is one file. */
export function mergePatches(patches: readonly PodPatch[]): readonly PodPatch[] {
  const byWorkload = new Map<Workload, PodPatch>();
  for (const patch of patches) {
    const before = byWorkload.get(patch.workload);
    byWorkload.set(patch.workload, before ? mergeTwo(before, patch) : patch);
  }
  return byWorkload.size === patches.length ? patches : [...byWorkload.values()];
}

function mergeTwo(a: PodPatch, b: PodPatch): PodPatch {
  const annotations: Record<string, string> = { ...a.annotations };
  for (const [key, value] of Object.entries(b.annotations)) {
    const before = annotations[key];
    annotations[key] = before === undefined ? value : mergeValues(before, value);
  }
  const devices: Record<string, number> = { ...a.devices };
  for (const [name, count] of Object.entries(b.devices)) devices[name] = (devices[name] ?? 0) + count;
  return {
    workload: a.workload,
    intents: [...new Set([...a.intents, ...b.intents])].sort(),
    origin: a.origin,
    annotations,
    nodeSelector: { ...a.nodeSelector, ...b.nodeSelector },
    resolvers: [...new Set([...a.resolvers, ...b.resolvers])],
    devices,
    claims: [...a.claims, ...b.claims],
    virtual: [...a.virtual, ...b.virtual],
    ...perPodOf(a, b),
    // What one target has admission see on a pod, each in its own form: together in the same order.
    admits:
      perPodOf(a, b).perPod ??
      a.admits.map((value, index) => mergeValues(value, b.admits[index] ?? b.admits[0] ?? "[]")),
  };
}

/** What differs by ordinal in one of them is put together with what all pods have of the other. */
function perPodOf(a: PodPatch, b: PodPatch): Pick<PodPatch, "perPod"> {
  const ordinals = (a.perPod ?? b.perPod)?.length;
  if (ordinals === undefined) return {};
  const valueIn = (patch: PodPatch, ordinal: number) => patch.perPod?.[ordinal] ?? patch.admits[0] ?? "[]";
  const length = Math.min(ordinals, b.perPod?.length ?? ordinals);
  return { perPod: Array.from({ length }, (_none, ordinal) => mergeValues(valueIn(a, ordinal), valueIn(b, ordinal))) };
}

/** Lists in JSON are put together, what both have (it stood there before) once; of anything else a hash must differ. */
function mergeValues(a: string, b: string): string {
  const [first, second] = [listIn(a), listIn(b)];
  if (!first || !second) return a === b ? a : hashContent(JSON.stringify([a, b]), 16);
  const known = new Set(first.map((one) => JSON.stringify(one)));
  return JSON.stringify([...first, ...second.filter((one) => !known.has(JSON.stringify(one)))]);
}

function listIn(text: string): readonly unknown[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
