import { rangeOf } from "./json.ts";
import type { Located } from "./sorted.ts";
import { safe } from "./visible.ts";

/** GitHub's workflow commands: `%`, line ends and, in properties, `:` and `,` are escaped. */
export function formatGithub(located: readonly Located[]): string {
  return located
    .map(({ diagnostic, span }) => {
      const { severity, code, message, help } = diagnostic;
      const command = severity === "note" ? "notice" : severity;
      const range = span && rangeOf(span);
      const where = range
        ? `file=${property(safe(range.file))},line=${range.line},col=${range.column},endLine=${range.endLine},endColumn=${range.endColumn},`
        : "";
      return `::${command} ${where}title=${property(code)}::${data(safe(message) + (help === undefined ? "" : `\n${safe(help)}`))}\n`;
    })
    .join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
