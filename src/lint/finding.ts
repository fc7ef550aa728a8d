import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Edit } from "../diagnostics/edit.ts";

/** A finding, and an edit that mends it without a choice being made. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly fix?: Edit;
}

/** A finding, with a fix where there is one. */
export function found(diagnostic: Diagnostic, fix?: Edit | undefined): Finding {
  return fix ? { diagnostic: { ...diagnostic, fix }, fix } : { diagnostic };
}
