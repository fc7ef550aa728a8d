import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Manifest, PodPatch } from "../../../ir/manifest.ts";
import type { Plan } from "../../../ir/plan.ts";
import type { PatchDelivery, Project } from "../../../ir/project.ts";
import type { Kustomizations } from "../../../workloads/kustomizations.ts";

/** What patches are delivered into. */
export interface DeliveryContext {
  readonly plan: Plan;
  readonly project: Project;
  readonly kustomizations: Kustomizations;
}

/** What comes of the patches of a cluster. */
export interface DeliveryResult {
  /** Trees of YAML, by path below the cluster's folder. */
  readonly files: readonly { readonly path: string; readonly body: unknown }[];
  /** Which of them the cluster's kustomization lists. */
  readonly applied: readonly string[];
  /** Objects of our own. */
  readonly manifests: readonly Manifest[];
  /** A folder with a kustomization of its own, for what must be applied apart from the rest and never pruned. */
  readonly apart: string | undefined;
  /** What people must do, one item each. */
  readonly handoff: readonly string[];
}

/** One way in which a pod template's change reaches a workload that somebody else owns. */
export interface DeliveryMethod {
  readonly name: PatchDelivery;
  /** What it cannot do, each at the line that would need it. */
  check(patches: readonly PodPatch[], into: DeliveryContext): readonly Diagnostic[];
  /** Whole values of the networks annotation that pods will have. */
  admits(patch: PodPatch): readonly string[];
  write(patches: readonly PodPatch[], into: DeliveryContext): DeliveryResult;
}

export const emptyDelivery: DeliveryResult = { files: [], applied: [], manifests: [], apart: undefined, handoff: [] };

/** `payments/deployment-card`: where a workload's part lies below its delivery's folder. */
export function formatWorkloadFolder({ workload }: PodPatch): string {
  return `${workload.namespace}/${workload.kind.toLowerCase()}-${workload.name}`;
}
