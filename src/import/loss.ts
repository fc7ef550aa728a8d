import type { TextPlace } from "../source/place.ts";

/** Why something stays by hand: nothing can say it, it could mean several things, or plumbline does not know it yet. */
export type LossSort = "cannot" | "guess" | "unknown";

/**
 * What an import did not carry, or not whole.
 *
 * `network` and `workload`: left as they are. `kept`: a network that is written again as it stands. `keptPod`: a
 * workload on one. `chart`: pods that others make, and whose annotation stays. `beside`: what no intent is for, and goes on working. `detail`: carried, but for this.
 * `assumed`: a guess that somebody should look at.
 */
export interface ImportLoss {
  readonly kind: "network" | "workload" | "kept" | "keptPod" | "chart" | "beside" | "detail" | "assumed";
  readonly sort?: LossSort;
  /** `NetworkAttachmentDefinition media/iot`. */
  readonly what: string;
  readonly why: string;
  readonly place: TextPlace;
}

/** Why something cannot be said in intents. */
export interface ImportRefusal {
  readonly why: string;
  /** Where it cannot even be written again as it stands. */
  readonly sort?: LossSort;
}

export function isImportRefusal(value: object): value is ImportRefusal {
  return "why" in value;
}
