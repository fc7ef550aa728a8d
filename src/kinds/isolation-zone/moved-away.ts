import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import type { Workload, Workloads } from "../../ir/workload.ts";
import { placeAt } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { IntentContext } from "../plan-builder.ts";
import { findZone } from "../shared/zone-index.ts";
import { zoneRules } from "./rules.ts";
import type { IsolationZoneSpec } from "./types.ts";

type Known = Pick<IntentContext, "all" | "workloads">;

/** Namespaces of a zone whose workloads a kustomization puts into another one that is in no zone: their pods would stay outside every isolation. */
export function checkMovedNamespaces(
  instance: Instance<IsolationZoneSpec>,
  { all, workloads }: Known,
): readonly Diagnostic[] {
  const moved = movedOf(workloads);
  return instance.spec.namespaces.flatMap((from, index) => {
    const [first] = (moved.get(from) ?? []).filter((copies) =>
      copies.every(({ namespace }) => !findZone({ all }, namespace)),
    );
    const [workload] = first ?? [];
    if (!workload) return [];
    const related = [{ place: placeAt(workload.doc, "metadata", "name"), label: formatDisplayName(workload) }];
    const parameters = { from, to: workload.namespace };
    return [zoneRules.diagnose("moved-away", instance.at("namespaces", index), parameters, { related })];
  });
}

const known = new WeakMap<Workloads, ReadonlyMap<string, readonly (readonly Workload[])[]>>();

/** Workloads that are not where they say, by the namespace that they name: every one with all namespaces that it ends in. */
function movedOf(workloads: Workloads): ReadonlyMap<string, readonly (readonly Workload[])[]> {
  const found = known.get(workloads);
  if (found) return found;
  const copies = new Map<string, Workload[]>();
  for (const one of workloads.all) {
    const from = one.movedFrom;
    if (from === undefined || workloads.find({ ...one, namespace: from })) continue;
    const key = `${from} ${one.kind} ${one.name}`;
    const list = copies.get(key);
    if (list) list.push(one);
    else copies.set(key, [one]);
  }
  const made = new Map<string, Workload[][]>();
  for (const list of copies.values()) {
    const from = list[0]?.movedFrom ?? "";
    const others = made.get(from);
    if (others) others.push(list);
    else made.set(from, [list]);
  }
  known.set(workloads, made);
  return made;
}
