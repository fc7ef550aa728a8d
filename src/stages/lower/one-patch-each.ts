import type { PodPatch } from "../../ir/manifest.ts";
import type { Workload } from "../../ir/workload.ts";
import { contentHash } from "../../net/hash.ts";

/** Patches of several targets for one workload as one: each of them stands in a file of its own, and there is one file. */
export function onePatchEach(patches: readonly PodPatch[]): readonly PodPatch[] {
  const byWorkload = new Map<Workload, PodPatch>();
  for (const patch of patches) {
    const before = byWorkload.get(patch.workload);
    byWorkload.set(patch.workload, before ? together(before, patch) : patch);
  }
  return byWorkload.size === patches.length ? patches : [...byWorkload.values()];
}

function together(a: PodPatch, b: PodPatch): PodPatch {
  const annotations: Record<string, string> = { ...a.annotations };
  for (const [key, value] of Object.entries(b.annotations)) {
    const before = annotations[key];
    annotations[key] = before === undefined ? value : both(before, value);
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
    // What one target has admission see on a pod, each in its own form: together in the same order.
    admits: a.admits.map((value, index) => both(value, b.admits[index] ?? b.admits[0] ?? "[]")),
  };
}

/** Lists in JSON are put together, what both have (it stood there before) once; of anything else a hash must differ. */
function both(a: string, b: string): string {
  const [first, second] = [listIn(a), listIn(b)];
  if (!first || !second) return a === b ? a : contentHash(JSON.stringify([a, b]), 16);
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
