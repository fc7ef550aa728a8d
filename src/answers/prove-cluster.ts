import { compile } from "../compile.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { inCluster } from "../diagnostics/in-cluster.ts";
import type { Compiled, Inputs } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Flows } from "../verify/dataplane/flow.ts";
import type { Meaning } from "../verify/expected/expected.ts";
import type { Watch } from "../verify/expected/index.ts";
import { watch } from "../verify/expected/index.ts";
import type { Model } from "../verify/model/model.ts";
import { type Known, readCluster, type Verified, verifyCluster } from "../verify/verify-cluster.ts";
import { workloadsOf } from "../workloads/declared.ts";

/** A project with what its intents mean; its output is read apart from that. */
export interface Meant {
  readonly project: Project;
  readonly inputs: Inputs;
  readonly compiled: Compiled;
}

/** Why nothing can be answered: the intents themselves are wrong. */
export interface Unmeant {
  readonly findings: readonly Diagnostic[];
}

/** Compiles a project for what its intents mean. Whether what they give does what they mean is for the caller to ask. */
export function meaningOfInputs(
  inputs: Inputs,
  found: readonly Diagnostic[] = [],
  told?: (what: string) => void,
): Meant | Unmeant {
  const compiled = compile(inputs, { unproved: true, ...(told && { told }) });
  const findings = [...found, ...compiled.diagnostics];
  const { project } = compiled;
  return !project || hasErrors(findings) ? { findings } : { project, inputs, compiled };
}

export interface ProvedCluster extends Verified {
  readonly cluster: string;
  readonly watch: Watch;
}

/** Files of a cluster, read back. Whether they do what the intents mean was not asked. */
export interface ReadBack {
  readonly cluster: string;
  readonly model: Model;
  readonly flows: Flows;
  readonly meaning: Meaning;
  readonly watch: Watch;
  /** Of texts that cannot be read, and of work that is too much to be done: then there is nothing to ask. */
  readonly unread: readonly Diagnostic[];
}

/** Reads files of a cluster back, for questions about a single way: those need no findings. */
export function readBack(meant: Meant, cluster: string, files: readonly SourceFile[]): ReadBack | undefined {
  const known = knownOf(meant, cluster);
  if (!known) return undefined;
  const { model, flows, meaning, unread } = readCluster(known, files, workloadsOf(meant.inputs));
  return { cluster, model, flows, meaning, watch: watch(meaning), unread: placed(meant, cluster, unread) };
}

/** Reads files of a cluster back and holds them against what the intents mean there. */
export function proved(meant: Meant, cluster: string, files: readonly SourceFile[]): ProvedCluster | undefined {
  const known = knownOf(meant, cluster);
  if (!known) return undefined;
  const verified = verifyCluster(known, files, workloadsOf(meant.inputs));
  const diagnostics = placed(meant, cluster, verified.diagnostics);
  return { ...verified, diagnostics, cluster, watch: watch(verified.meaning) };
}

function knownOf({ compiled }: Meant, cluster: string): Known | undefined {
  const plan = compiled.plans.find((one) => one.cluster.name === cluster);
  return plan && { plan, instances: compiled.instances.get(cluster) ?? [] };
}

/** Findings say which cluster they are of, where there are several. */
function placed({ project }: Meant, cluster: string, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const folder = `${project.out.replace(/\/+$/, "")}/${cluster}/`;
  return project.clusters.length > 1 ? inCluster(found, cluster, folder) : found;
}
