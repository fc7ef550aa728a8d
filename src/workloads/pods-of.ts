import { findValue } from "../yaml/span.ts";

export interface PodCount {
  /** Pods that may exist at once; undefined where the nodes decide. */
  readonly pods: number | undefined;
  readonly replicas: number | undefined;
  readonly surges: boolean;
}

function readWhole(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;
}

/** `25%` of so many, rounded up, or a number (Kubernetes apps/v1 maxSurge). */
function surgeOf(value: unknown, replicas: number): number {
  const percent = typeof value === "number" ? null : /^(\d+)%$/.exec(typeof value === "string" ? value : "25%");
  if (percent) return Math.ceil((Number(percent[1]) * replicas) / 100);
  return readWhole(value, 1);
}

/** How many pods a workload runs, and how many more during a rollout. */
export function readPodCount(kind: string, object: unknown): PodCount {
  const written = findValue(object, ["spec", "replicas"]);
  const replicas = readWhole(written, 1);
  switch (kind) {
    case "Deployment": {
      const type = findValue(object, ["spec", "strategy", "type"]);
      if (type === "Recreate") return { pods: replicas, replicas, surges: false };
      const surge = surgeOf(findValue(object, ["spec", "strategy", "rollingUpdate", "maxSurge"]), replicas);
      return { pods: replicas + surge, replicas, surges: surge > 0 };
    }
    case "StatefulSet":
    case "ReplicaSet":
      return { pods: replicas, replicas, surges: false };
    case "Job": {
      const parallelism = readWhole(findValue(object, ["spec", "parallelism"]), 1);
      return { pods: parallelism, replicas: parallelism, surges: false };
    }
    case "CronJob": {
      const parallelism = readWhole(findValue(object, ["spec", "jobTemplate", "spec", "parallelism"]), 1);
      // Without Forbid or Replace, one run may start before the last has ended.
      const policy = findValue(object, ["spec", "concurrencyPolicy"]);
      const overlaps = policy === undefined || policy === "Allow";
      return { pods: overlaps ? parallelism * 2 : parallelism, replicas: parallelism, surges: overlaps };
    }
    case "DaemonSet":
      return { pods: undefined, replicas: undefined, surges: false };
    default:
      return { pods: 1, replicas: 1, surges: false };
  }
}
