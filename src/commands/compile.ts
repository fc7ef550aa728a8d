import { posix } from "node:path";
import { compile as compileInputs } from "../compile.ts";
import { appendAll } from "../diagnostics/append-all.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { isForPeople } from "../diagnostics/format/names.ts";
import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import type { Compiled, CompileOptions } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { loadProjectFiles } from "../stages/1-load.ts";
import { findStale, type Written, writeOutput } from "../stages/10-write.ts";
import { writeRules } from "../stages/write/rules.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { showProgress } from "./progress.ts";
import { reportFindings, selectFailing } from "./report.ts";

export interface CompileFlags {
  readonly cluster?: readonly string[];
  readonly relock?: readonly string[];
  readonly gc?: boolean;
  readonly stats?: boolean;
  readonly merge?: boolean;
  readonly allowLoss?: readonly string[];
}

/** The pipeline; writes out/ and the lock. Files that changed go to stdout, one a line. */
export function compile(flags: CompileFlags, common: CommonOptions, io: Io): ExitCode {
  const started = io.now();
  const done = compileAndWrite(flags, common, io);
  if ("exit" in done) return done.exit;
  const { compiled, lock } = done.run;
  const { written, notes } = done;
  const outcome =
    written.state === "unfinished"
      ? "The output is half written."
      : written.changed.length > 0
        ? "The output was written."
        : "Nothing was written.";
  const found = [...done.run.diagnostics, ...notes, ...written.diagnostics];
  const exit = reportWriting(found, outcome, common, io, written.changed);
  if (isForPeople(common.format))
    for (const { path, how } of written.changed)
      io.out(`${how === "removed" ? "removed " : ""}${common.folder}${path}\n`);
  if (isForPeople(common.format) && exit === 0 && !common.quiet) io.err(closingLine(done, common, flags));
  if (flags.merge && exit !== 1) io.err(moves(lock ?? "", compiled.lock ?? ""));
  if (flags.stats) io.err(stats(compiled, io.now() - started));
  return exit;
}

/** As `report`; in JSON what was written stands beside the findings. */
function reportWriting(
  found: readonly Diagnostic[],
  outcome: string,
  common: CommonOptions,
  io: Io,
  written: Written["changed"] = [],
): ExitCode {
  if (common.format !== "json") return reportFindings(found, outcome, common, io);
  let findings = "";
  const exit = reportFindings(found, outcome, common, {
    ...io,
    out: (text) => {
      findings += text;
    },
  });
  const files = written.map(({ path, how }) => ({ path: common.folder + path, how }));
  io.out(`${JSON.stringify({ files, findings: JSON.parse(findings) as unknown }, undefined, 2)}\n`);
  return exit;
}

/** `home: 1 cluster, 7 files: 2 changed; 1 step by hand (out/main/handoff.md).` */
function closingLine({ run, written }: Done, common: CommonOptions, { cluster }: CompileFlags): string {
  const { compiled, project } = run;
  const clusters = cluster?.length ?? compiled.plans.length;
  const changed = written.changed.filter((one) => one.path !== project.lock);
  const state = written.changed.length === 0 ? "up to date" : `${changed.length} changed`;
  const byHand = compiled.files.flatMap(({ path, text }) => {
    const items = path.endsWith("/handoff.md")
      ? text.split("\n").filter((line) => line.startsWith("- [ ] ")).length
      : 0;
    return items > 0 ? [`${counted(items, "step")} by hand in ${common.folder}${posix.join(project.out, path)}`] : [];
  });
  const warnings = run.diagnostics.filter((one) => one.severity === "warning").length;
  const parts = [
    `${counted(clusters, "cluster")}, ${counted(compiled.files.length, "file")}: ${state}`,
    ...byHand,
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return `${parts.join("; ")}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

interface Done {
  readonly run: Prepared;
  readonly written: Written;
  /** What was said by writing before the run was done again. */
  readonly notes: readonly Diagnostic[];
}

/** Another process, or the repair of a run that was interrupted, may have moved the lock: then all is done again, once. */
function compileAndWrite(flags: CompileFlags, common: CommonOptions, io: Io): Done | { readonly exit: ExitCode } {
  const notes: Diagnostic[] = [];
  for (let again = true; ; again = false) {
    const run = prepare(flags, common, io, reportWriting);
    if ("exit" in run) return run;
    if (selectFailing(run.diagnostics, common).length > 0)
      return { exit: reportWriting([...run.diagnostics, ...notes], "Nothing was written.", common, io) };
    const options = { clusters: flags.cluster, process: io.process, from: { lock: run.lock } };
    const written = writeOutput(common.root, run.project, run.compiled, options);
    if (written.state !== "outdated") return { run, written, notes };
    appendAll(notes, written.diagnostics);
    if (!again) {
      const inUse = writeRules.diagnose("in-use", undefined, { who: "a process that changes the lock meanwhile" });
      return { run, written: { changed: [], diagnostics: [inUse] }, notes };
    }
  }
}

/** The pipeline; writes nothing. With `frozen`, a stale out/ or lock is an error too. */
export function check(flags: CompileFlags & { readonly frozen?: boolean }, common: CommonOptions, io: Io): ExitCode {
  const run = prepare(flags, common, io);
  if ("exit" in run) return run.exit;
  if (!flags.frozen || hasErrors(run.diagnostics))
    return saidWell(reportFindings(run.diagnostics, "", common, io), "the intents are right", run, common, io);
  const { changed, diagnostics } = findStale(common.root, run.project, run.compiled, { clusters: flags.cluster });
  const words = { added: "is missing", changed: "is out of date", removed: "is no longer needed" } as const;
  const found = changed.map(({ path, how }) => writeRules.diagnose("stale", undefined, { path, how: words[how] }));
  const all = [...run.diagnostics, ...diagnostics, ...found];
  const exit = reportFindings(all, "The output is not that of the intents.", common, io);
  return saidWell(exit, "the output is that of the intents", run, common, io);
}

/** A check that passes says so, to people. */
function saidWell(exit: ExitCode, what: string, { compiled }: Prepared, common: CommonOptions, io: Io): ExitCode {
  if (exit === 0 && isForPeople(common.format) && !common.quiet)
    io.err(`${counted(compiled.plans.length, "cluster")}, ${counted(compiled.files.length, "file")}: ${what}\n`);
  return exit;
}

/** What a merge moved: entries of either side that have another value now. */
function moves(before: string, after: string): string {
  const values = new Map([...after.matchAll(/^ {2}(\S+): (.+)$/gm)].map((match) => [match[1], match[2]]));
  const moved = [...before.matchAll(/^ {2}(\S+): (.+)$/gm)].filter(
    (match) => values.has(match[1]) && values.get(match[1]) !== match[2],
  );
  if (moved.length === 0) return "plumbline: merged; nothing moved\n";
  return moved.map(([, key, value]) => `plumbline: ${key} moved from ${value} to ${values.get(key)}\n`).join("");
}

interface Prepared {
  readonly project: Project;
  readonly compiled: Compiled;
  /** The lock's text as it was; undefined where there was none. */
  readonly lock: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** `say` is how findings are told where there is no project to go on with. */
function prepare(
  flags: CompileFlags,
  common: CommonOptions,
  io: Io,
  say: (found: readonly Diagnostic[], outcome: string, common: CommonOptions, io: Io) => ExitCode = reportFindings,
): Prepared | { readonly exit: ExitCode } {
  const progress = showProgress(io, common);
  const loaded = loadProjectFiles(common.root);
  if (!loaded.inputs || !loaded.project) return { exit: say(loaded.diagnostics, "Nothing was written.", common, io) };
  const names = loaded.project.clusters.map((cluster) => cluster.name);
  const unknown = flags.cluster?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    io.err(
      `plumbline: no cluster is called ${unknown}; ${formatSuggestion(unknown, names) ?? `there are: ${formatList(names)}`}\n`,
    );
    return { exit: 2 };
  }
  const files = loaded.inputs.intents.length + loaded.inputs.workloads.length;
  progress(`compiling ${files} files`, files);
  const options: CompileOptions = {
    ...(flags.cluster && { clusters: flags.cluster }),
    relock: flags.relock ?? [],
    gc: flags.gc ?? false,
    merge: flags.merge ?? false,
    allowLoss: flags.allowLoss ?? [],
    onProgress: progress,
  };
  const compiled = compileInputs(loaded.inputs, options);
  progress(undefined);
  return {
    project: loaded.project,
    compiled,
    lock: loaded.inputs.lock?.text,
    diagnostics: [...loaded.diagnostics, ...compiled.diagnostics],
  };
}

function stats(compiled: Compiled, milliseconds: number): string {
  const bytes = compiled.files.reduce((sum, file) => sum + file.text.length, 0);
  return `${compiled.files.length} files, ${bytes} characters, ${compiled.plans.length} clusters, ${milliseconds} ms\n`;
}
