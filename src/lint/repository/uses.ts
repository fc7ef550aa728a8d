import { type PodCount, readPodCount } from "../../workloads/pods-of.ts";
import { findValue } from "../../yaml/span.ts";
import { DEFAULT_NETWORK, readPodField } from "../annotation/annotation-sites.ts";
import type { NetworkList, NetworkReference } from "../annotation/network-list.ts";
import type { Nad } from "../nad/read-nad.ts";
import { findUniqueNad, type Repository } from "./repository.ts";

/** A workload's pods on a network of which the configuration is known. */
export interface NetworkUse {
  readonly networkList: NetworkList;
  readonly selection: NetworkReference;
  readonly nad: Nad;
}

/** Every use of a known network by pods, in their order. */
export function listNetworkUses(repository: Repository): readonly NetworkUse[] {
  return repository.asked.flatMap((networkList) => {
    const { annotation } = networkList;
    if (annotation.pod === undefined) return [];
    return networkList.selections.flatMap((selection) => {
      const own = annotation.key === DEFAULT_NETWORK ? undefined : annotation.namespace;
      const namespace = selection.namespace ?? (selection.anyNamespace ? undefined : own);
      const nad = findUniqueNad(repository, selection.name, namespace);
      return nad ? [{ networkList, selection, nad }] : [];
    });
  });
}

export function groupUsesByNad(uses: readonly NetworkUse[]): ReadonlyMap<Nad, readonly NetworkUse[]> {
  const groups = new Map<Nad, NetworkUse[]>();
  for (const use of uses) {
    const group = groups.get(use.nad);
    if (group) group.push(use);
    else groups.set(use.nad, [use]);
  }
  return groups;
}

/** How many pods a use is for; undefined where that is not known, as with a chart's values. */
export function countPods({ networkList }: NetworkUse): PodCount | undefined {
  const { object, pod } = networkList.annotation;
  const isWorkload = pod !== undefined && readPodField(networkList.annotation, "spec") !== undefined;
  return isWorkload && WORKLOADS.includes(object.kind) ? readPodCount(object.kind, object.value) : undefined;
}

const WORKLOADS = ["Pod", "Deployment", "StatefulSet", "ReplicaSet", "DaemonSet"];

/** The node that pods are bound to, where it is one. */
export function findFixedNode({ annotation }: NetworkList): string | undefined {
  const name =
    readPodField(annotation, "spec", "nodeName") ??
    readPodField(annotation, "spec", "nodeSelector", "kubernetes.io/hostname");
  return typeof name === "string" ? name : undefined;
}

/** Whether no two pods of a workload are on one node. */
export function hasOnePodPerNode({ annotation }: NetworkList): boolean {
  if (annotation.object.kind === "DaemonSet") return true;
  const terms = readPodField(
    annotation,
    "spec",
    "affinity",
    "podAntiAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
  );
  const list = Array.isArray(terms) ? (terms as readonly unknown[]) : [];
  return list.some((term) => findValue(term, ["topologyKey"]) === "kubernetes.io/hostname");
}

/** Whether a rollout starts new pods before it may stop an old one: it then ends only where the new ones start. */
export function needsSurgeCapacity({ networkList }: NetworkUse): boolean {
  const { object } = networkList.annotation;
  if (object.kind !== "Deployment") return false;
  const count = readPodCount(object.kind, object.value);
  if (!count.surges) return false;
  const written = findValue(object.value, ["spec", "strategy", "rollingUpdate", "maxUnavailable"]);
  const percent =
    typeof written === "number" ? undefined : /^(\d+)%$/.exec(typeof written === "string" ? written : "25%");
  if (typeof written === "number") return written === 0;
  return percent ? Math.floor((Number(percent[1]) * (count.replicas ?? 1)) / 100) === 0 : false;
}
