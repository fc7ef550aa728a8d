import { type CompiledProject, type CompileFailure, compileUnverified } from "../answers/verify-files.ts";
import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import type { Project } from "../ir/project.ts";
import { loadProjectFiles } from "../stages/1-load.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { type Progress, showProgress } from "./progress.ts";
import { reportFindings } from "./report.ts";

/** Loads and compiles a project, for what its intents mean. */
export function loadProject(root: string, progress?: Progress): CompiledProject | CompileFailure {
  const { inputs, diagnostics } = loadProjectFiles(root);
  if (!inputs) return { findings: diagnostics };
  progress?.("compiling", inputs.intents.length + inputs.workloads.length);
  return compileUnverified(inputs, diagnostics, progress);
}

/** The same; wrong intents are reported, and give an exit code. */
export function loadProjectOrReport(common: CommonOptions, io: Io): CompiledProject | { readonly exit: ExitCode } {
  const progress = showProgress(io, common);
  const read = loadProject(common.root, progress);
  progress();
  return "findings" in read ? { exit: reportFindings(read.findings, "Nothing was verified.", common, io) } : read;
}

/** The clusters that were asked for, or all; undefined after a word about one that is not there. */
export function selectClusters(
  project: Project,
  wanted: readonly string[] | undefined,
  io: Io,
): readonly string[] | undefined {
  const names = project.clusters.map((cluster) => cluster.name);
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown === undefined) return wanted ?? names;
  io.err(
    `plumbline: no cluster is called ${unknown}; ${formatSuggestion(unknown, names) ?? `there are: ${formatList(names)}`}\n`,
  );
  return undefined;
}
