import { compile } from "../compile.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { inCluster } from "../diagnostics/in-cluster.ts";
import { didYouMean, listed } from "../diagnostics/suggest.ts";
import type { Compiled, Inputs } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import type { SourceFile } from "../source/source-file.ts";
import { load } from "../stages/1-load.ts";
import type { Watch } from "../verify/expected/index.ts";
import { watch } from "../verify/expected/index.ts";
import { type Verified, verifyCluster } from "../verify/verify-cluster.ts";
import { workloadsOf } from "../workloads/declared.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { report } from "./report.ts";

/** A project with what its intents mean; its output is read apart from that. */
export interface Meant {
  readonly project: Project;
  readonly inputs: Inputs;
  readonly compiled: Compiled;
}

/**
 * Loads and compiles a project, for what its intents mean. Wrong intents are reported, and give an exit code; whether
 * what they give does what they mean is for the caller to ask.
 */
export function meant(common: Common, io: Io): Meant | { readonly exit: ExitCode } {
  const { inputs, project, diagnostics } = load(common.root);
  if (!inputs || !project) return { exit: report(diagnostics, "Nothing was verified.", common, io) };
  const compiled = compile(inputs, { unproved: true });
  const found = [...diagnostics, ...compiled.diagnostics];
  if (hasErrors(found)) return { exit: report(found, "Nothing was verified.", common, io) };
  return { project, inputs, compiled };
}

export interface ProvedCluster extends Verified {
  readonly cluster: string;
  readonly watch: Watch;
}

/** Reads files of a cluster back and holds them against what the intents mean there. */
export function proved(
  { project, inputs, compiled }: Meant,
  cluster: string,
  files: readonly SourceFile[],
): ProvedCluster | undefined {
  const plan = compiled.plans.find((one) => one.cluster.name === cluster);
  if (!plan) return undefined;
  const known = { plan, instances: compiled.instances.get(cluster) ?? [] };
  const verified = verifyCluster(known, files, workloadsOf(inputs));
  const folder = `${project.out.replace(/\/+$/, "")}/${cluster}/`;
  const { diagnostics: found } = verified;
  const diagnostics = project.clusters.length > 1 ? inCluster(found, cluster, folder) : found;
  return { ...verified, diagnostics, cluster, watch: watch(verified.meaning) };
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
