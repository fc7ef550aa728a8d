import { compile } from "../compile.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { addCluster } from "../diagnostics/in-cluster.ts";
import type { Compiled, Inputs } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { FlowSet } from "../verify/dataplane/flow.ts";
import type { ExpectedState } from "../verify/expected/expected.ts";
import type { ExpectedIndex } from "../verify/expected/expected-index.ts";
import { buildExpectedIndex } from "../verify/expected/expected-index.ts";
import type { Model } from "../verify/model/model.ts";
import {
  type ClusterKnowledge,
  readCluster,
  type VerificationResult,
  verifyCluster,
} from "../verify/verify-cluster.ts";
import { listWorkloadFiles } from "../workloads/declared.ts";

/** A project with what its intents mean; its output is read apart from that. */
export interface CompiledProject {
  readonly project: Project;
  readonly inputs: Inputs;
  readonly compiled: Compiled;
}

/** Why nothing can be answered: the intents themselves are wrong. */
export interface CompileFailure {
  readonly findings: readonly Diagnostic[];
}

/** Compiles a project for what its intents mean. Whether what they give does what they mean is for the caller to ask. */
export function compileUnverified(
  inputs: Inputs,
  found: readonly Diagnostic[] = [],
  onProgress?: (what: string) => void,
): CompiledProject | CompileFailure {
  const compiled = compile(inputs, { skipVerify: true, ...(onProgress && { onProgress }) });
  const findings = [...found, ...compiled.diagnostics];
  const { project } = compiled;
  return !project || hasErrors(findings) ? { findings } : { project, inputs, compiled };
}

export interface VerifiedCluster extends VerificationResult {
  readonly cluster: string;
  readonly expectedIndex: ExpectedIndex;
}

/** Files of a cluster, read back. Whether they do what the intents mean was not asked. */
export interface ReadBack {
  readonly cluster: string;
  readonly model: Model;
  readonly flows: FlowSet;
  readonly meaning: ExpectedState;
  readonly watch: ExpectedIndex;
  /** Of texts that cannot be read, and of work that is too much to be done: then there is nothing to ask. */
  readonly unread: readonly Diagnostic[];
}

/** Reads files of a cluster back, for questions about a single way: those need no findings. */
export function readBack(meant: CompiledProject, cluster: string, files: readonly SourceFile[]): ReadBack | undefined {
  const known = knownOf(meant, cluster);
  if (!known) return undefined;
  const { model, flows, expected, unread } = readCluster(known, files, listWorkloadFiles(meant.inputs));
  return {
    cluster,
    model,
    flows,
    meaning: expected,
    watch: buildExpectedIndex(expected),
    unread: placed(meant, cluster, unread),
  };
}

/** Reads files of a cluster back and holds them against what the intents mean there. */
export function verifyFiles(
  meant: CompiledProject,
  cluster: string,
  files: readonly SourceFile[],
): VerifiedCluster | undefined {
  const known = knownOf(meant, cluster);
  if (!known) return undefined;
  const verified = verifyCluster(known, files, listWorkloadFiles(meant.inputs));
  const diagnostics = placed(meant, cluster, verified.diagnostics);
  return { ...verified, diagnostics, cluster, expectedIndex: buildExpectedIndex(verified.expected) };
}

function knownOf({ compiled }: CompiledProject, cluster: string): ClusterKnowledge | undefined {
  const plan = compiled.plans.find((one) => one.cluster.name === cluster);
  return plan && { plan, instances: compiled.instances.get(cluster) ?? [] };
}

/** Findings say which cluster they are of, where there are several. */
function placed({ project }: CompiledProject, cluster: string, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const folder = `${project.out.replace(/\/+$/, "")}/${cluster}/`;
  return project.clusters.length > 1 ? addCluster(found, cluster, folder) : found;
}
