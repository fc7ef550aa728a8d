import { features } from "../schema/features.ts";
import { targets } from "../targets/index.ts";
import type { Target } from "../targets/target.ts";
import type { ExitCode, Io } from "./io.ts";

/** The capability matrix as Markdown: a row per feature (or per feature that is named), a column per target. */
export function formatTargetsTable(only?: readonly string[]): string {
  const head = [
    "",
    ...targets.map((target) => target.name + (target.maturity === "experimental" ? " (experimental)" : "")),
  ];
  const shown = features.filter(({ name }) => only?.includes(name) ?? true);
  const rows = shown.map((feature) => [
    feature.title,
    ...targets.map((target) => target.supports[feature.name] ?? "no"),
  ]);
  const widths = head.map((_cell, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] as string).length)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join(" | ")} |\n`;
  return line(head) + line(widths.map((width) => "-".repeat(width))) + rows.map(line).join("") + (only ? "" : notes());
}

/** What `partly` and `experimental` mean, target by target. */
function notes(): string {
  const lines = targets.flatMap((target: Target) =>
    features.flatMap(({ name, title }) => {
      const note = target.notes?.[name];
      return note === undefined ? [] : [`- ${target.name}, ${title}: ${note}\n`];
    }),
  );
  return lines.length > 0 ? `\n${lines.join("")}` : "";
}

export function listTargets(io: Io): ExitCode {
  io.out(formatTargetsTable());
  return 0;
}
