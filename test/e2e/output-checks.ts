import type { Verdict } from "./claims.ts";
import type { CallOptions } from "./cluster-api.ts";
import { admissionDeliveryChecks } from "./delivery-admission.ts";
import { ordinalCheck } from "./delivery-by-ordinal.ts";
import { partialDeliveryChecks } from "./delivery-partial.ts";
import { fluxCheck } from "./flux.ts";
import { guardCheck } from "./guard-checks.ts";
import type { KubeObject } from "./manifests.ts";
import type { Output } from "./outputs.ts";
import type { Ground } from "./world.ts";

/** An output on an API server. Its objects are not stored; a check removes what it stores. */
export interface OutputContext {
  readonly ground: Ground;
  readonly output: Output;
  readonly objects: readonly KubeObject[];
  /** The project's workloads, as their owners wrote them. */
  readonly workloads: readonly KubeObject[];
  /** Who applies it: one of the platform's appliers. */
  readonly applier: CallOptions;
}

/**
 * What is tried, beyond being accepted, with every output that has something for it: the examples and every test case. To
 * add a check (of a target's objects, of a delivery), write a file with one of these and append it to `outputChecks`.
 */
export interface OutputCheck {
  readonly claim: string;
  /** Whether an output has objects that this check is about. */
  wants(objects: readonly KubeObject[], output: Output): boolean;
  run(context: OutputContext): Promise<Verdict>;
}

export const outputChecks: readonly OutputCheck[] = [
  guardCheck,
  ...admissionDeliveryChecks,
  ordinalCheck,
  ...partialDeliveryChecks,
  fluxCheck,
];
