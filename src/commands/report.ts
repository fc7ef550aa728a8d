import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatFindings } from "../diagnostics/format/index.ts";
import { isForPeople } from "../diagnostics/format/names.ts";
import { findFirst } from "../diagnostics/format/sort-findings.ts";
import { formatCounts } from "../diagnostics/format/text.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";

/** The findings that make a run fail: errors, and with `--strict` warnings too. Notes never do. */
export function selectFailing(diagnostics: readonly Diagnostic[], common: CommonOptions): readonly Diagnostic[] {
  return diagnostics.filter((one) => one.severity === "error" || (common.strict && one.severity === "warning"));
}

/**
 * Says what was found, and gives the exit code that goes with it. `outcome` completes the closing line of a failure. `write` takes
 * the text for people: findings about what was asked for are the result of a linter, and stand on standard output.
 */
export function reportFindings(
  diagnostics: readonly Diagnostic[],
  outcome: string,
  common: CommonOptions,
  io: Io,
  write: (text: string) => void = io.err,
): ExitCode {
  const bad = selectFailing(diagnostics, common);
  const shown = common.quiet ? bad : diagnostics;
  const colour = write === io.out ? (common.outColour ?? false) : common.colour;
  const text = formatFindings(common.format, shown, { ...common, colour });
  if (!isForPeople(common.format)) io.out(text);
  else if (shown.length > 0) write(text + (common.format === "text" ? closing(shown, bad, outcome) : ""));
  return bad.length > 0 ? 1 : 0;
}

function closing(shown: readonly Diagnostic[], bad: readonly Diagnostic[], outcome: string): string {
  const first = findFirst(bad.length > 0 ? bad : shown);
  const parts = [
    `${formatCounts(shown)}.`,
    ...(bad.length > 0 && outcome ? [outcome] : []),
    `Run "plumbline explain ${first?.code}" for more.`,
  ];
  return `\n${parts.join(" ")}\n`;
}
