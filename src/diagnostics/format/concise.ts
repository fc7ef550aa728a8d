import type { Diagnostic } from "../diagnostic.ts";
import { shownPlace, sorted } from "./sorted.ts";
import { safe } from "./visible.ts";

/** One line per finding, as editors and grep want it. */
export function formatConcise(diagnostics: readonly Diagnostic[]): string {
  return sorted(diagnostics)
    .map(({ diagnostic, span }) => {
      const { severity, code, message, help } = diagnostic;
      return `${span ? `${shownPlace(span)}: ` : ""}${severity}[${code}]: ${safe(message)}${help === undefined ? "" : ` (${safe(help)})`}\n`;
    })
    .join("");
}
