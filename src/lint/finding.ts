import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";

/** A change of a text of a file: what stands from `start` to `end` becomes `text`. */
export interface Edit {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A finding, and an edit that mends it without a choice being made. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly fix?: Edit;
}

/** A finding, with a fix where there is one. */
export function found(diagnostic: Diagnostic, fix?: Edit | undefined): Finding {
  return fix ? { diagnostic, fix } : { diagnostic };
}
