import { type PodCount, podsOf } from "../../workloads/pods-of.ts";
import { valueAt } from "../../yaml/span.ts";
import type { Asked, Selection } from "../annotation/selections.ts";
import { DEFAULT_NETWORK, podField } from "../annotation/sites.ts";
import type { Nad } from "../nad/read-nad.ts";
import { onlyNad, type Repository } from "./repository.ts";

/** A workload's pods on a network of which the configuration is known. */
export interface Use {
  readonly asked: Asked;
  readonly selection: Selection;
  readonly nad: Nad;
}

/** Every use of a known network by pods, in their order. */
export function usesOf(repository: Repository): readonly Use[] {
  return repository.asked.flatMap((asked) => {
    const { site } = asked;
    if (site.pod === undefined) return [];
    return asked.selections.flatMap((selection) => {
      const own = site.key === DEFAULT_NETWORK ? undefined : site.namespace;
      const namespace = selection.namespace ?? (selection.anyNamespace ? undefined : own);
      const nad = onlyNad(repository, selection.name, namespace);
      return nad ? [{ asked, selection, nad }] : [];
    });
  });
}

export function usesByNad(uses: readonly Use[]): ReadonlyMap<Nad, readonly Use[]> {
  const groups = new Map<Nad, Use[]>();
  for (const use of uses) {
    const group = groups.get(use.nad);
    if (group) group.push(use);
    else groups.set(use.nad, [use]);
  }
  return groups;
}

/** How many pods a use is for; undefined where that is not known, as with a chart's values. */
export function countOf({ asked }: Use): PodCount | undefined {
  const { object, pod } = asked.site;
  const isWorkload = pod !== undefined && podField(asked.site, "spec") !== undefined;
  return isWorkload && WORKLOADS.includes(object.kind) ? podsOf(object.kind, object.value) : undefined;
}

const WORKLOADS = ["Pod", "Deployment", "StatefulSet", "ReplicaSet", "DaemonSet"];

/** The node that pods are bound to, where it is one. */
export function nodeOf({ site }: Asked): string | undefined {
  const name = podField(site, "spec", "nodeName") ?? podField(site, "spec", "nodeSelector", "kubernetes.io/hostname");
  return typeof name === "string" ? name : undefined;
}

/** Whether no two pods of a workload are on one node. */
export function isSpread({ site }: Asked): boolean {
  if (site.object.kind === "DaemonSet") return true;
  const terms = podField(site, "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  const list = Array.isArray(terms) ? (terms as readonly unknown[]) : [];
  return list.some((term) => valueAt(term, ["topologyKey"]) === "kubernetes.io/hostname");
}

/** Whether a rollout starts new pods before it may stop an old one: it then ends only where the new ones start. */
export function waitsForSurge({ asked }: Use): boolean {
  const { object } = asked.site;
  if (object.kind !== "Deployment") return false;
  const count = podsOf(object.kind, object.value);
  if (!count.surges) return false;
  const written = valueAt(object.value, ["spec", "strategy", "rollingUpdate", "maxUnavailable"]);
  const percent =
    typeof written === "number" ? undefined : /^(\d+)%$/.exec(typeof written === "string" ? written : "25%");
  if (typeof written === "number") return written === 0;
  return percent ? Math.floor((Number(percent[1]) * (count.replicas ?? 1)) / 100) === 0 : false;
}
