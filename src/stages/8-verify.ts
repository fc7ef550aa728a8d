import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { OutputFile } from "../ir/compiled.ts";
import type { LoweredPlan } from "./6-lower.ts";

/** Reads back what was written and holds it against what was meant. */
export function verify(
  files: readonly OutputFile[],
  lowered: readonly LoweredPlan[],
): { readonly value: undefined; readonly diagnostics: readonly Diagnostic[] } {
  void files;
  void lowered;
  return { value: undefined, diagnostics: [] };
}
