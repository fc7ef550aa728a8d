import type { Place } from "../source/place.ts";
import type { Edit } from "./edit.ts";

export type Severity = "error" | "warning" | "note";

/** A second place where two things collide. */
export interface Related {
  readonly place: Place;
  /** What stands there, in at most six words. */
  readonly label: string;
}

/** A finding. Made only by a rule table, so that a code without a page cannot exist. */
export interface Diagnostic {
  /** `owner/slug`; never reused or renamed. */
  readonly code: string;
  readonly severity: Severity;
  /** Lower case, no full stop, the user's own words in backticks. */
  readonly message: string;
  readonly place?: Place;
  readonly label?: string;
  readonly related: readonly Related[];
  readonly notes: readonly string[];
  /** What to type. At most one. */
  readonly help?: string;
  /** The edit that corrects it, where no choice is left. */
  readonly fix?: Edit;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.severity === "error");
}
