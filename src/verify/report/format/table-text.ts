import type { ClusterTable, TableRow } from "../table.ts";
import { formatLocation } from "./location.ts";

export interface TableLook {
  /** Columns of the terminal. A table that is wider has two lines for each row. */
  readonly width?: number | undefined;
  /** How the head is painted. */
  readonly head?: (text: string) => string;
}

/** Columns, as wide as what stands in them. */
export function formatTable(
  rows: readonly TableRow[],
  { width = Number.POSITIVE_INFINITY, head = (text) => text }: TableLook = {},
): string {
  if (rows.length === 0) return "nobody reaches anybody\n";
  const lines = [["FROM", "TO", "SERVICES", "BY"], ...rows.map(formatCells)];
  const widths = [0, 1, 2].map((column) =>
    lines.reduce((most, line) => Math.max(most, (line[column] as string).length), 0),
  );
  const texts = lines.map((line) =>
    line
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] as number) : cell))
      .join("  ")
      .trimEnd(),
  );
  if (texts.some((text) => text.length > width)) return stacked(rows);
  return texts.map((text, at) => `${at === 0 ? head(text) : text}\n`).join("");
}

/** For narrow terminals. */
function stacked(rows: readonly TableRow[]): string {
  return rows
    .map(formatCells)
    .map(([from, to, services, by]) => `${from} -> ${to}\n    ${services}  by ${by}\n`)
    .join("");
}

/** Lines of the intents that mean a row, sorted: `intents/pairs/edge.yaml:14`. */
export function listSourceLines(row: TableRow): readonly string[] {
  return [...new Set(row.origins.map(formatLocation))].sort();
}

export function formatCells(row: TableRow): string[] {
  const note = row.assumed.length > 0 ? ` (assumed: ${row.assumed.join("; ")})` : "";
  return [row.from, row.to, row.services.join(" "), `${row.way.join(" > ")}${note}`];
}

/** For a pull request. */
export function formatTableMarkdown(rows: readonly TableRow[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const lines = rows.map((row) => `| ${formatCells(row).map(cell).join(" | ")} |\n`);
  return `| From | To | Services | By |\n|---|---|---|---|\n${lines.join("")}`;
}

/** RFC 4180. A cell that a spreadsheet would take for a formula is kept from being one. */
export function formatTableCsv(tables: readonly ClusterTable[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = tables.flatMap(({ cluster, rows }) =>
    rows.map((row) => [
      cluster,
      row.from,
      row.to,
      row.services.join(" "),
      row.way.join(" > "),
      row.assumed.join("; "),
      listSourceLines(row).join(" "),
    ]),
  );
  return [["cluster", "from", "to", "services", "by", "assumed", "because"], ...lines]
    .map((line) => `${line.map(cell).join(",")}\r\n`)
    .join("");
}

/** For programs: by cluster. */
export function convertTables(tables: readonly ClusterTable[]): unknown {
  const plain = ({ origins: _origins, ...row }: TableRow, because: readonly string[]) => ({ ...row, because });
  return Object.fromEntries(
    tables.map(({ cluster, rows, assumed, admission, expectations }) => [
      cluster,
      {
        connections: rows.map((row) => plain(row, listSourceLines(row))),
        assumed,
        admission,
        expectations: expectations && {
          ...expectations,
          held: expectations.held.map(({ text, origin }) => ({ text, at: formatLocation(origin) })),
        },
      },
    ]),
  );
}
