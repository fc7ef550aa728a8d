import { groupBy } from "../../../collections/group-by.ts";
import type { ClusterTable, Row } from "../table.ts";
import { linesOf } from "./table-text.ts";

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#1b1f24;background:#fff}
h1{font-size:1.3rem}table{border-collapse:collapse;margin:1rem 0}
th,td{border:1px solid #c9d1d9;padding:.3rem .6rem;text-align:left;vertical-align:top}
th{background:#f3f5f7}td.no{color:#8a929b;text-align:center}td.same{background:#f3f5f7}
small{color:#57606a}@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th,td.same{background:#161b22}th,td{border-color:#30363d}small{color:#8b949e}}`;

/** One page that works from a file: for each cluster its parties as a matrix, then every row. No script, nothing loaded. */
export function tableHtml(tables: readonly ClusterTable[]): string {
  const title = `Who reaches whom in ${tables.map((one) => one.cluster).join(", ")}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<p>Rows reach columns. Everything that is not listed is closed.</p>
${tables.map(section).join("\n")}
</body></html>
`;
}

function section({ cluster, rows, assumed }: ClusterTable): string {
  const lines = rows.map(
    (row) =>
      `<tr><td>${escaped(row.from)}</td><td>${escaped(row.to)}</td><td>${escaped(row.services.join(" "))}</td><td>${way(row)}</td><td>${escaped(linesOf(row).join(" "))}</td></tr>`,
  );
  const granted = assumed.map((one) => `<li>${escaped(one)}</li>`).join("");
  return `<h2>${escaped(cluster)}</h2>
${matrix(rows)}
<table><thead><tr><th>From</th><th>To</th><th>Services</th><th>By</th><th>Because of</th></tr></thead><tbody>
${lines.join("\n")}
</tbody></table>${granted === "" ? "" : `\n<p>Assumed:</p><ul>${granted}</ul>`}`;
}

function way(row: Row): string {
  const assumed = row.assumed.length > 0 ? `<br><small>assumed: ${escaped(row.assumed.join("; "))}</small>` : "";
  return `${escaped(row.way.join(" > "))}${assumed}`;
}

function matrix(rows: readonly Row[]): string {
  const parties = [...new Set(rows.flatMap((row) => [row.from, row.to]))].sort();
  const found = groupBy(rows, (row) => `${row.from}\n${row.to}`);
  const head = parties.map((party) => `<th>${escaped(party)}</th>`).join("");
  const lines = parties.map((from) => {
    const line = parties.map((to) => cell(found.get(`${from}\n${to}`), from === to)).join("");
    return `<tr><th>${escaped(from)}</th>${line}</tr>`;
  });
  return `<table><thead><tr><th></th>${head}</tr></thead><tbody>\n${lines.join("\n")}\n</tbody></table>`;
}

function cell(rows: readonly Row[] | undefined, same: boolean): string {
  if (!rows) return `<td class="no">${same ? "" : "·"}</td>`;
  const text = rows.map(
    (row) => `${escaped(row.services.join(" "))}<br><small>${escaped(row.way.join(" > "))}</small>`,
  );
  return `<td${same ? ' class="same"' : ""}>${text.join("<br>")}</td>`;
}

function escaped(text: string): string {
  const marks: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (mark) => marks[mark] as string);
}
