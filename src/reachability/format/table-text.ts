import type { Row } from "../table.ts";

/** Columns, as wide as what stands in them. */
export function tableText(rows: readonly Row[]): string {
  if (rows.length === 0) return "nobody reaches anybody\n";
  const lines = [["FROM", "TO", "SERVICES", "BY"], ...rows.map(cells)];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => (line[column] as string).length)));
  return lines
    .map((line) => line.map((cell, column) => (column < 3 ? cell.padEnd(widths[column] as number) : cell)).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

export function cells(row: Row): string[] {
  const note = row.assumed.length > 0 ? ` (assumed: ${row.assumed.join("; ")})` : "";
  return [row.from, row.to, row.services.join(" "), `${row.way.join(" > ")}${note}`];
}

/** For a pull request. */
export function tableMarkdown(rows: readonly Row[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const lines = rows.map((row) => `| ${cells(row).map(cell).join(" | ")} |\n`);
  return `| From | To | Services | By |\n|---|---|---|---|\n${lines.join("")}`;
}

/** RFC 4180. A cell that a spreadsheet would take for a formula is kept from being one. */
export function tableCsv(rows: readonly Row[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = rows.map((row) => [
    row.from,
    row.to,
    row.services.join(" "),
    row.way.join(" > "),
    row.assumed.join("; "),
  ]);
  return [["from", "to", "services", "by", "assumed"], ...lines]
    .map((line) => `${line.map(cell).join(",")}\r\n`)
    .join("");
}

export function tableJson(rows: readonly Row[]): string {
  const plain = rows.map(({ origins: _origins, ...row }) => row);
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}
