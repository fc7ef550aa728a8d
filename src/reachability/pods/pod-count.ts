import { fieldsAt, numberAt } from "../manifests/manifest.ts";
import type { Pod } from "./pod.ts";

/** How many pods a workload runs; two stand for however many nodes there are. */
export function podCount({ manifest: { kind, value } }: Pod): number {
  if (kind === "DaemonSet") return 2;
  if (kind === "Job") return numberAt(value, "spec", "parallelism") ?? 1;
  if (kind === "CronJob") return numberAt(fieldsAt(value, "spec", "jobTemplate"), "spec", "parallelism") ?? 1;
  return numberAt(value, "spec", "replicas") ?? 1;
}
