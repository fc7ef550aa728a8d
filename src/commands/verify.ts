import pc from "picocolors";
import type { ReportContent } from "../answers/page/report-page.ts";
import { type VerifiedCluster, verifyFiles } from "../answers/verify-files.ts";
import { appendAll } from "../diagnostics/append-all.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatFindings } from "../diagnostics/format/index.ts";
import { isForPeople, type PassedCheck } from "../diagnostics/format/names.ts";
import { escapeInvisible } from "../diagnostics/format/sanitize-text.ts";
import { wrapWords } from "../diagnostics/format/wrap-words.ts";
import { findFile } from "../source/place.ts";
import { findPosition } from "../source/source-file.ts";
import { listAssumptions } from "../verify/report/assumptions.ts";
import { listConnections } from "../verify/report/connections.ts";
import { convertTables, formatTable, formatTableCsv, formatTableMarkdown } from "../verify/report/format/table-text.ts";
import { findGuardedScope } from "../verify/report/guarded.ts";
import { buildTable, type ClusterTable } from "../verify/report/table.ts";
import { findSpan } from "../yaml/span.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { loadProject, selectClusters } from "./load-project.ts";
import { showProgress } from "./progress.ts";
import { readOutput } from "./read-output.ts";
import { reportFindings, selectFailing } from "./report.ts";

export interface VerifyFlags {
  readonly cluster?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly by?: "party" | "workload";
  readonly all?: boolean;
}

/** Reads out/ alone, says who reaches whom, and whether that is what the intents mean. The table goes to stdout. */
export async function runVerify(flags: VerifyFlags, common: CommonOptions, io: Io): Promise<ExitCode> {
  const progress = showProgress(io, common);
  const project = loadProject(common.root, progress);
  progress();
  if ("findings" in project) return unverified(project.findings, common, io);
  const clusters = selectClusters(project.project, flags.cluster, io);
  if (!clusters) return 2;
  // Warnings of intents that open what they name are told here too: the output alone does what they say.
  const found: Diagnostic[] = project.compiled.diagnostics.filter((one) => STANDING.has(one.code));
  const tables: ClusterTable[] = [];
  const unread: string[] = [];
  const read: VerifiedCluster[] = [];
  for (const cluster of clusters) {
    progress(`verifying ${cluster}`);
    const files = readOutput(common.root, project.project.out, cluster);
    const done = files.length > 0 ? verifyFiles(project, cluster, files) : undefined;
    progress();
    if (!done) {
      io.err(`plumbline: nothing is written for ${cluster}; run "plumbline compile" first\n`);
      return 1;
    }
    appendAll(found, done.diagnostics);
    if (!done.readable) {
      unread.push(cluster);
      continue;
    }
    read.push(done);
    const rows = buildTable(listConnections(done.flows, done.expectedIndex, flags.all), {
      ...flags,
      by: flags.by ?? "party",
    });
    tables.push({
      cluster,
      rows,
      assumed: listAssumptions(done.model, done.flows, done.expectedIndex),
      admission: findGuardedScope(done.model),
      expectations: done.expectations,
    });
  }
  const { form, quiet } = common;
  if (form === "json") {
    io.out(inJson(tables, found, common));
    return selectFailing(found, common).length > 0 ? 1 : 0;
  }
  const forPeople = isForPeople(common.format);
  if (form === "html")
    io.out((await import("../answers/page/report-page.ts")).renderReportPage(project, read, pageOf(flags)));
  else if (forPeople) io.out(formatTables(tables, common, io.outTerminal ? io.columns : undefined));
  const outcome =
    unread.length > 0
      ? `Nothing is known of ${unread.join(" and ")} until this is mended: run "plumbline compile".`
      : "The output does not do what the intents say.";
  const exit = reportFindings(found, outcome, { ...common, passed: passedIn(tables, common.folder) }, io);
  if (!forPeople || quiet) return exit;
  const { green, yellow, dim } = pc.createColors(common.colour);
  const say = (word: string, paint: (text: string) => string, text: string) => {
    const [first, ...rest] = wrapWords(
      escapeInvisible(`${word}: ${text}`),
      (io.columns ?? Number.POSITIVE_INFINITY) - 2,
    );
    io.err(`${[paint(`${word}:`) + (first ?? "").slice(word.length + 1), ...rest].join("\n  ")}\n`);
  };
  for (const one of new Set(tables.flatMap(guardedWords))) say("admission", dim, one);
  for (const one of new Set(tables.flatMap((table) => table.assumed))) say("assumed", yellow, one);
  for (const one of heldLines(tables, common.folder)) say("holds", green, one);
  if (found.length === 0) io.err(green(verdict(tables, flags).trimEnd()).concat("\n"));
  return exit;
}

/** The matrix comes first: it is what verify answers. */
function pageOf({ from, to, all }: VerifyFlags): ReportContent {
  return { view: "matrix", filter: { from, to, all } };
}

/** Nothing was read: the intents themselves are wrong. */
function unverified(found: readonly Diagnostic[], common: CommonOptions, io: Io): ExitCode {
  if (common.form !== "json") return reportFindings(found, "Nothing was verified.", common, io);
  io.out(inJson([], found, common));
  return 1;
}

function inJson(tables: readonly ClusterTable[], found: readonly Diagnostic[], common: CommonOptions): string {
  const findings: unknown = JSON.parse(formatFindings("json", found, common));
  return `${JSON.stringify({ clusters: convertTables(tables), findings }, undefined, 2)}\n`;
}

/** Warnings of compile that a verified output must not hide. */
const STANDING: ReadonlySet<string> = new Set(["zone/audit"]);

/** `1 cluster verified: 4 connections allowed, all others blocked, under 3 assumptions (listed).` */
function verdict(tables: readonly ClusterTable[], { from, to }: VerifyFlags): string {
  const sum = (of: (table: ClusterTable) => number) => tables.reduce((all, one) => all + of(one), 0);
  const assumptions = new Set(tables.flatMap((one) => [...one.assumed, ...one.rows.flatMap((row) => row.assumed)]));
  const listed = new Set(tables.flatMap((one) => one.assumed)).size;
  const connections = counted(
    sum((one) => one.rows.length),
    "connection",
  );
  const part = from !== undefined || to !== undefined ? " listed" : " allowed, all others blocked";
  const exactly = assumptions.size === 0 ? "exactly " : "";
  const under = assumptions.size === 0 ? "" : `, under ${counted(listed || assumptions.size, "assumption")} (listed)`;
  const checks = sum((one) => one.expectations?.checked ?? 0);
  const expectations = checks === 0 ? "" : ` ${counted(checks, "expectation")} ${checks === 1 ? "holds" : "hold"}.`;
  return `${counted(tables.length, "cluster")} verified: ${exactly}${connections}${part}${under}.${expectations}\n`;
}

function guardedWords({ cluster, admission }: ClusterTable): readonly string[] {
  if (!admission) return [];
  const { resources, namespaces } = admission;
  const last = resources.at(-1);
  const list = resources.length < 2 ? last : `${resources.slice(0, -1).join(", ")} and ${last}`;
  return [`${list} are guarded in ${counted(namespaces, "namespace")} of ${cluster}`];
}

/** Checks of Expectations that hold, as cases of tests; each once, with its cluster where there are several. */
function passedIn(tables: readonly ClusterTable[], folder: string): readonly PassedCheck[] {
  return tables.flatMap(({ cluster, expectations }) =>
    (expectations?.held ?? []).map(({ text, origin }) => ({
      name: tables.length > 1 ? `${cluster}: ${text}` : text,
      file: folder + findFile(origin).path,
      line: findPosition(findFile(origin), findSpan(origin).start).line,
    })),
  );
}

/** More than anybody reads; the count is in the last line. */
const HELD_SHOWN = 50;

function heldLines(tables: readonly ClusterTable[], folder: string): readonly string[] {
  const held = passedIn(tables, folder);
  const lines = held.slice(0, HELD_SHOWN).map(({ name, file, line }) => `${name} (${file}:${line})`);
  return held.length > HELD_SHOWN ? [...lines, `and ${held.length - HELD_SHOWN} more`] : lines;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function heldMarkdown(expectations: ClusterTable["expectations"]): string {
  if (!expectations || expectations.checked === 0) return "";
  const { checked, met, held } = expectations;
  const lines = held.slice(0, HELD_SHOWN).map(({ text }) => `- ${text.replaceAll("|", "\\|")}\n`);
  return `\n${met} of ${counted(checked, "expectation")} met.${lines.length > 0 ? "\n\n" : "\n"}${lines.join("")}`;
}

function formatTables(
  tables: readonly ClusterTable[],
  { form, outColour = false }: CommonOptions,
  width?: number,
): string {
  const { bold, dim } = pc.createColors(outColour);
  switch (form) {
    case "csv":
      return formatTableCsv(tables);
    case "markdown":
      return tables
        .map(
          ({ cluster, rows, expectations }) =>
            `### ${cluster}\n\n${formatTableMarkdown(rows)}${heldMarkdown(expectations)}`,
        )
        .join("\n");
    default:
      return tables
        .map(({ cluster, rows }) => {
          const table = formatTable(rows, { width, head: dim });
          return tables.length > 1 ? `${bold(cluster)}\n${table}` : table;
        })
        .join("\n");
  }
}
