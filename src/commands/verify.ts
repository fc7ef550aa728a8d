import { append } from "../diagnostics/append.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { format } from "../diagnostics/format/index.ts";
import { assumptionsOf } from "../verify/report/assumptions.ts";
import { connectionsOf } from "../verify/report/connections.ts";
import { tableHtml } from "../verify/report/format/table-html.ts";
import { plainTables, tableCsv, tableMarkdown, tableText } from "../verify/report/format/table-text.ts";
import { type ClusterTable, tableOf } from "../verify/report/table.ts";
import type { Form } from "./forms.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { clustersOf, meant, proved } from "./proved.ts";
import { readOutput } from "./read-output.ts";
import { failing, report } from "./report.ts";

export interface VerifyFlags {
  readonly cluster?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly by?: "party" | "workload";
  readonly all?: boolean;
}

/** Reads out/ alone, says who reaches whom, and whether that is what the intents mean. The table goes to stdout. */
export function verify(flags: VerifyFlags, common: Common, io: Io): ExitCode {
  const project = meant(common, io);
  if ("exit" in project) return project.exit;
  const clusters = clustersOf(project.project, flags.cluster, io);
  if (!clusters) return 2;
  const found: Diagnostic[] = [];
  const tables: ClusterTable[] = [];
  const unread: string[] = [];
  for (const cluster of clusters) {
    const files = readOutput(common.root, project.project.out, cluster);
    const done = files.length > 0 ? proved(project, cluster, files) : undefined;
    if (!done) {
      io.err(`plumbline: nothing is written for ${cluster}; run "plumbline compile" first\n`);
      return 1;
    }
    append(found, done.diagnostics);
    if (!done.readable) {
      unread.push(cluster);
      continue;
    }
    const rows = tableOf(connectionsOf(done.flows, done.watch, flags.all), { ...flags, by: flags.by ?? "party" });
    tables.push({ cluster, rows, assumed: assumptionsOf(done.model, done.watch) });
  }
  const { form, quiet } = common;
  if (form === "json") {
    const findings: unknown = JSON.parse(format("json", found, common));
    io.out(`${JSON.stringify({ clusters: plainTables(tables), findings }, undefined, 2)}\n`);
    return failing(found, common).length > 0 ? 1 : 0;
  }
  const forPeople = form !== "github" && form !== "sarif";
  if (forPeople) io.out(shown(tables, form));
  const outcome =
    unread.length > 0
      ? `Nothing is known of ${unread.join(" and ")} until this is mended: run "plumbline compile".`
      : "The output does not do what the intents say.";
  const exit = report(found, outcome, common, io);
  if (!forPeople || quiet) return exit;
  for (const one of new Set(tables.flatMap((table) => table.assumed))) io.err(`assumed: ${one}\n`);
  const count = `${clusters.length} ${clusters.length === 1 ? "cluster" : "clusters"}`;
  if (found.length === 0) io.err(`${count} verified: exactly what the intents say can flow.\n`);
  return exit;
}

function shown(tables: readonly ClusterTable[], form: Form): string {
  switch (form) {
    case "html":
      return tableHtml(tables);
    case "csv":
      return tableCsv(tables);
    case "markdown":
      return tables.map(({ cluster, rows }) => `### ${cluster}\n\n${tableMarkdown(rows)}`).join("\n");
    default:
      return tables
        .map(({ cluster, rows }) => (tables.length > 1 ? `${cluster}\n${tableText(rows)}` : tableText(rows)))
        .join("\n");
  }
}
