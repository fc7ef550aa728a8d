import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Edit } from "../diagnostics/edit.ts";

/** A finding, and an edit that mends it without a choice being made. */
export interface LintFinding {
  readonly diagnostic: Diagnostic;
  readonly fix?: Edit;
}

/** A finding, with a fix where there is one. */
export function createFinding(diagnostic: Diagnostic, fix?: Edit | undefined): LintFinding {
  return fix ? { diagnostic: { ...diagnostic, fix }, fix } : { diagnostic };
}
