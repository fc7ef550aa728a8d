import { type Meant, meaningOfInputs, type Unmeant } from "../answers/prove-cluster.ts";
import { didYouMean, listed } from "../diagnostics/suggest.ts";
import type { Project } from "../ir/project.ts";
import { load } from "../stages/1-load.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { type Progress, showProgress } from "./progress.ts";
import { report } from "./report.ts";

/** Loads and compiles a project, for what its intents mean. */
export function readMeant(root: string, progress?: Progress): Meant | Unmeant {
  const { inputs, diagnostics } = load(root);
  if (!inputs) return { findings: diagnostics };
  progress?.("compiling", inputs.intents.length + inputs.workloads.length);
  return meaningOfInputs(inputs, diagnostics, progress);
}

/** The same; wrong intents are reported, and give an exit code. */
export function meant(common: Common, io: Io): Meant | { readonly exit: ExitCode } {
  const progress = showProgress(io, common);
  const read = readMeant(common.root, progress);
  progress();
  return "findings" in read ? { exit: report(read.findings, "Nothing was verified.", common, io) } : read;
}

/** The clusters that were asked for, or all; undefined after a word about one that is not there. */
export function clustersOf(
  project: Project,
  wanted: readonly string[] | undefined,
  io: Io,
): readonly string[] | undefined {
  const names = project.clusters.map((cluster) => cluster.name);
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown === undefined) return wanted ?? names;
  io.err(
    `plumbline: no cluster is called ${unknown}; ${didYouMean(unknown, names) ?? `there are: ${listed(names)}`}\n`,
  );
  return undefined;
}
