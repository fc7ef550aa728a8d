import { escapeInvisible, sanitizeText } from "./sanitize-text.ts";
import { formatPlace, type LocatedFinding } from "./sort-findings.ts";

/** One line per finding, as editors and grep want it. */
export function formatConcise(located: readonly LocatedFinding[]): string {
  return located
    .map(({ diagnostic, span }) => {
      const { severity, code, message, help } = diagnostic;
      const where = span ? `${escapeInvisible(formatPlace(span))}: ` : "";
      return `${where}${severity}[${code}]: ${sanitizeText(message)}${help === undefined ? "" : ` (${sanitizeText(help)})`}\n`;
    })
    .join("");
}
