import { readFields, readNumber } from "../manifests/manifest.ts";
import type { Node } from "./node.ts";
import type { Pod } from "./pod.ts";

/** How many pods a workload runs; two stand for however many nodes there are. */
export function countPods({ manifest: { kind, value } }: Pod): number {
  if (kind === "DaemonSet") return 2;
  if (kind === "Job") return readNumber(value, "spec", "parallelism") ?? 1;
  if (kind === "CronJob") return readNumber(readFields(value, "spec", "jobTemplate"), "spec", "parallelism") ?? 1;
  return readNumber(value, "spec", "replicas") ?? 1;
}

/** Whether a node stands for several pods, which then have each other for neighbours. Of a gateway each pod is a node. */
export function hasSeveralPods(node: Node): boolean {
  return node.alike.length > 0 || (node.type === "workload" && node.pod !== undefined && countPods(node.pod) > 1);
}
