import { toJsonRange } from "./json.ts";
import { sanitizeText } from "./sanitize-text.ts";
import type { LocatedFinding } from "./sort-findings.ts";

/** GitHub's workflow commands: `%`, line ends and, in properties, `:` and `,` are escaped. */
export function formatGithub(located: readonly LocatedFinding[]): string {
  return located
    .map(({ diagnostic, span }) => {
      const { severity, code, message, help } = diagnostic;
      const command = severity === "note" ? "notice" : severity;
      const range = span && toJsonRange(span);
      const where = range
        ? `file=${property(sanitizeText(range.file))},line=${range.line},col=${range.column},endLine=${range.endLine},endColumn=${range.endColumn},`
        : "";
      return `::${command} ${where}title=${property(code)}::${data(sanitizeText(message) + (help === undefined ? "" : `\n${sanitizeText(help)}`))}\n`;
    })
    .join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
