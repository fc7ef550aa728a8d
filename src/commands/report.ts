import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { format } from "../diagnostics/format/index.ts";
import { counted } from "../diagnostics/format/text.ts";
import type { Common, ExitCode, Io } from "./io.ts";

/** Says what was found, and gives the exit code that goes with it. `nothing` completes the closing line. */
export function report(diagnostics: readonly Diagnostic[], nothing: string, common: Common, io: Io): ExitCode {
  const failing = diagnostics.filter(
    (one) => one.severity === "error" || (common.strict && one.severity === "warning"),
  );
  const shown = common.quiet ? failing : diagnostics;
  const text = format(common.format, shown, common);
  if (common.format !== "text" && common.format !== "concise") io.out(text);
  else if (shown.length > 0) io.err(text + closing(shown, failing, nothing, common));
  return failing.length > 0 ? 1 : 0;
}

function closing(
  shown: readonly Diagnostic[],
  failing: readonly Diagnostic[],
  nothing: string,
  common: Common,
): string {
  if (common.format !== "text") return "";
  const first = failing[0] ?? shown[0];
  const done = failing.length > 0 ? ` ${nothing}` : "";
  return `\n${counted(shown)}.${done} Run "plumbline explain ${first?.code}" for more.\n`;
}
