import { distance } from "fastest-levenshtein";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import type { Workload, Workloads } from "../../ir/workload.ts";
import { placeAt } from "../../source/place.ts";
import type { IntentContext } from "../plan-builder.ts";
import { isSystemNamespace } from "../shared/system-namespace.ts";
import { findZone } from "../shared/zone-index.ts";
import { zoneRules } from "./rules.ts";
import type { IsolationZoneSpec } from "./types.ts";

type Known = Pick<IntentContext, "all" | "workloads">;

/**
 * Namespaces of a zone without a workload, where a namespace of nearly that name has workloads and is in no zone: those
 * pods would silently stay outside every isolation.
 */
export function checkMisspelledNamespaces(instance: Instance<IsolationZoneSpec>, scene: Known): readonly Diagnostic[] {
  return instance.spec.namespaces.flatMap((namespace, index) => {
    const near = findNearestWorkload(namespace, instance, scene);
    if (!near) return [];
    const place = instance.at("namespaces", index);
    const related = [{ place: placeAt(near.doc, "metadata", "name"), label: `a workload of ${near.namespace}` }];
    return [zoneRules.diagnose("misspelt-namespace", place, { namespace, near: near.namespace }, { related })];
  });
}

export function hasMisspelledNamespaces(instance: Instance<IsolationZoneSpec>, scene: Known): boolean {
  return instance.spec.namespaces.some((namespace) => findNearestWorkload(namespace, instance, scene) !== undefined);
}

/** A workload of the nearest namespace that is in no zone. */
function findNearestWorkload(
  written: string,
  { spec }: Instance<IsolationZoneSpec>,
  { all, workloads }: Known,
): Workload | undefined {
  if (spec.manageNamespaces || workloads.inNamespace(written).length + workloads.unreadIn(written).length > 0)
    return undefined;
  const limit = written.length < 4 ? 1 : 2;
  let [least, found]: [number, Workload | undefined] = [limit + 1, undefined];
  for (const workload of firstOfEach(workloads)) {
    const { namespace } = workload;
    if (Math.abs(namespace.length - written.length) >= least || differsInNumbers(namespace, written)) continue;
    if (isSystemNamespace(namespace) || findZone({ all }, namespace)) continue;
    const edits = distance(written, namespace);
    if (edits < least) [least, found] = [edits, workload];
  }
  return found;
}

const firsts = new WeakMap<Workloads, readonly Workload[]>();

/** One workload of each namespace; made once. */
function firstOfEach(workloads: Workloads): readonly Workload[] {
  const known = firsts.get(workloads);
  if (known) return known;
  const byNamespace = new Map<string, Workload>();
  for (const one of workloads.all) if (!byNamespace.has(one.namespace)) byNamespace.set(one.namespace, one);
  const made = [...byNamespace.values()];
  firsts.set(workloads, made);
  return made;
}

/** `app-1` and `app-2` are two names, and no slip. */
function differsInNumbers(one: string, other: string): boolean {
  const plain = (name: string) => name.replace(/\d+/g, "#");
  return one !== other && plain(one) === plain(other);
}
