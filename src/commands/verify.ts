import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { assumptionsOf } from "../reachability/assumptions.ts";
import { tableHtml } from "../reachability/format/table-html.ts";
import { tableCsv, tableJson, tableMarkdown, tableText } from "../reachability/format/table-text.ts";
import { type Row, tableOf } from "../reachability/table.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { clustersOf, meant, proved } from "./proved.ts";
import { readOutput } from "./read-output.ts";
import { report } from "./report.ts";

export type TableForm = "text" | "json" | "markdown" | "csv" | "html" | "none";

export interface VerifyFlags {
  readonly cluster?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly by?: "party" | "workload";
  readonly table?: TableForm;
  readonly all?: boolean;
}

/** Reads out/ alone, says who reaches whom, and whether that is what the intents mean. The table goes to stdout. */
export function verify(flags: VerifyFlags, common: Common, io: Io): ExitCode {
  const project = meant(common, io);
  if ("exit" in project) return project.exit;
  const clusters = clustersOf(project.project, flags.cluster, io);
  if (!clusters) return 2;
  const found: Diagnostic[] = [];
  const assumed = new Set<string>();
  const tables: { readonly cluster: string; readonly rows: readonly Row[] }[] = [];
  for (const cluster of clusters) {
    const files = readOutput(common.root, project.project.out, cluster);
    const done = files.length > 0 ? proved(project, cluster, files) : undefined;
    if (!done) {
      io.err(`plumbline: nothing is written for ${cluster}; run "plumbline compile" first\n`);
      return 1;
    }
    found.push(...done.diagnostics);
    const rows = tableOf(done.flows, done.watch, { ...flags, by: flags.by ?? "party" });
    for (const one of assumptionsOf(done.model, done.watch)) assumed.add(one);
    tables.push({ cluster, rows });
  }
  const people = common.format === "text" || common.format === "concise";
  if (people) io.out(shown(tables, flags.table ?? "text"));
  const exit = report(found, "The output does not do what the intents say.", common, io);
  if (people && !common.quiet) for (const one of assumed) io.err(`assumed: ${one}\n`);
  if (people && !common.quiet && found.length === 0)
    io.err(
      `${clusters.length} ${clusters.length === 1 ? "cluster" : "clusters"} verified: exactly what the intents say can flow.\n`,
    );
  return exit;
}

function shown(tables: readonly { cluster: string; rows: readonly Row[] }[], form: TableForm): string {
  if (form === "none") return "";
  if (form === "json")
    return `${JSON.stringify(Object.fromEntries(tables.map((one) => [one.cluster, plain(one.rows)])), undefined, 2)}\n`;
  return tables
    .map(({ cluster, rows }) => {
      if (form === "html") return tableHtml(rows, `Who reaches whom in ${cluster}`);
      if (form === "csv") return tableCsv(rows);
      if (form === "markdown") return `### ${cluster}\n\n${tableMarkdown(rows)}`;
      return tables.length > 1 ? `${cluster}\n${tableText(rows)}` : tableText(rows);
    })
    .join("\n");
}

function plain(rows: readonly Row[]): unknown {
  return JSON.parse(tableJson(rows));
}
