import type { MigrationUnit } from "./migration-unit.ts";
import type { ClusterObject } from "./object.ts";

/** Whether a workload's pods have the networks of before, those of after, both while a rollout lasts, or do not run. */
export type RunningState = "before" | "after" | "both" | "none";

/** The smallest thing that a step does; after each the cluster is in a state that must be proved. */
export type Operation =
  | { readonly type: "apply"; readonly objects: readonly ClusterObject[] }
  | { readonly type: "remove"; readonly objects: readonly ClusterObject[] }
  | { readonly type: "run"; readonly workloads: readonly string[]; readonly as: RunningState };

export type StepKind = "prepare" | "stop" | "remove" | "create" | "start" | "restart" | "finish";

export interface MigrationStep {
  /** `02-stop-corp`. */
  readonly slug: string;
  readonly kind: StepKind;
  readonly unit: MigrationUnit | undefined;
  readonly moves: readonly Operation[];
}
