import { compile } from "../compile.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { inCluster } from "../diagnostics/in-cluster.ts";
import type { Compiled, Inputs } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Watch } from "../verify/expected/index.ts";
import { watch } from "../verify/expected/index.ts";
import { type Verified, verifyCluster } from "../verify/verify-cluster.ts";
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
