import type { TextPlace } from "../source/place.ts";

/**
 * What an import did not carry, or not whole.
 *
 * `network` and `workload`: left as they are. `beside`: what no intent is for, and goes on working. `detail`: carried, but
 * for this. `assumed`: a guess that somebody should look at.
 */
export interface Loss {
  readonly kind: "network" | "workload" | "beside" | "detail" | "assumed";
  /** `NetworkAttachmentDefinition media/iot`. */
  readonly what: string;
  readonly why: string;
  readonly place: TextPlace;
}

/** Why something cannot be said in intents. */
export interface Refusal {
  readonly why: string;
}

export function isRefusal(value: object): value is Refusal {
  return "why" in value;
}
