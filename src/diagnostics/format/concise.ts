import { type Located, shownPlace } from "./sorted.ts";
import { safe, visible } from "./visible.ts";

/** One line per finding, as editors and grep want it. */
export function formatConcise(located: readonly Located[]): string {
  return located
    .map(({ diagnostic, span }) => {
      const { severity, code, message, help } = diagnostic;
      const where = span ? `${visible(shownPlace(span))}: ` : "";
      return `${where}${severity}[${code}]: ${safe(message)}${help === undefined ? "" : ` (${safe(help)})`}\n`;
    })
    .join("");
}
