import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Render } from "./templates.ts";

/** Templates of the project's own, compiled. None is the usual case. */
export function ownTemplates(files: readonly SourceFile[]): {
  readonly value: ReadonlyMap<string, Render>;
  readonly diagnostics: readonly Diagnostic[];
} {
  void files;
  return { value: new Map(), diagnostics: [] };
}
