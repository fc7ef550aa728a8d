import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import type { ExpectedCheck } from "../ir/expects.ts";
import type { Instance } from "../ir/intent.ts";
import type { Plan } from "../ir/plan.ts";
import { collectExpectations } from "../kinds/expects.ts";
import type { SourceFile } from "../source/source-file.ts";
import { compareWithExpected } from "./checks/compare.ts";
import { checkExpectations, listMetExpectations, type MetExpectation } from "./checks/expectations.ts";
import { runSecurityChecks } from "./checks/security-checks.ts";
import { checkSingleLayers } from "./checks/single-layer.ts";
import { checkWorkBound } from "./checks/too-much.ts";
import { computeFlows } from "./dataplane/compute-flows.ts";
import { type FlowSet, noFlows } from "./dataplane/flow.ts";
import type { ExpectedState, OtherVersion } from "./expected/expected.ts";
import { buildExpectedIndex } from "./expected/expected-index.ts";
import { buildExpectedState } from "./expected-from-plan.ts";
import { buildModel } from "./model/build-model.ts";
import type { Model } from "./model/model.ts";

/** What is known of a cluster before its output is read: what the intents mean, and what no manifest tells. */
export interface ClusterKnowledge {
  readonly plan: Plan;
  readonly instances: readonly Instance[];
}

/** What the files of a cluster let through, before it is held against anything. */
export interface ReadCluster {
  readonly model: Model;
  readonly flows: FlowSet;
  readonly expected: ExpectedState;
  readonly checks: readonly ExpectedCheck[];
  readonly diagnostics: readonly Diagnostic[];
  /** Of texts that cannot be read, and of work that is too much to be done. */
  readonly unread: readonly Diagnostic[];
}

/** Reads back the files of a cluster. For a comparison, with what another version of the cluster knows. */
export function readCluster(
  { plan, instances }: ClusterKnowledge,
  files: readonly SourceFile[],
  workloads: readonly WorkloadFile[],
  other?: OtherVersion,
): ReadCluster {
  const expects = collectExpectations(plan, instances);
  const expected = buildExpectedState(plan, expects);
  const externals = expects.devices;
  const { name, platform } = plan.cluster;
  const { externallyManaged, kept, guests } = expected;
  const built = buildModel({
    cluster: name,
    platform,
    files,
    workloads,
    externals,
    externallyManaged,
    kept,
    guests,
    other,
  });
  const { podClass } = buildExpectedIndex(expected);
  const excess = checkWorkBound(
    built.model,
    podClass,
    built.model.paths.size + workloads.length + built.model.written.length + built.model.pods.length,
  );
  const { checks } = expects;
  if (excess.length > 0) return { ...built, flows: noFlows, expected, checks, unread: [...built.unread, ...excess] };
  const flows = computeFlows(built.model, { podClass, ...(other && { renumbered: other.renumbered }) });
  return { ...built, flows, expected, checks };
}

export interface VerificationResult {
  readonly model: Model;
  readonly flows: FlowSet;
  readonly expected: ExpectedState;
  readonly diagnostics: readonly Diagnostic[];
  /** How many checks of Expectations there are, how many of them hold, and which. */
  readonly expectations: { readonly checked: number; readonly met: number; readonly held: readonly MetExpectation[] };
  /** False: a text of the output cannot be read, or too much is to be verified, and only that is told. */
  readonly readable: boolean;
}

/**
 * Reads back the files of a cluster, with code that shares nothing with what wrote them, and holds what they let through
 * against what the intents mean. `files` are those below the cluster's folder.
 */
export function verifyCluster(
  { plan, instances }: ClusterKnowledge,
  files: readonly SourceFile[],
  workloads: readonly WorkloadFile[],
): VerificationResult {
  const read = readCluster({ plan, instances }, files, workloads);
  const { model, flows, expected, checks, diagnostics, unread } = read;
  if (unread.length > 0)
    return { ...read, diagnostics: unread, expectations: { checked: 0, met: 0, held: [] }, readable: false };
  const watched = buildExpectedIndex(expected);
  const unmet = checkExpectations(model, flows, checks, watched);
  const found = [
    ...diagnostics,
    ...compareWithExpected(model, flows, expected),
    ...runSecurityChecks(model, flows, watched),
    ...checkSingleLayers(model, watched),
    ...unmet,
  ];
  const held = listMetExpectations(checks, unmet);
  const expectations = { checked: checks.length, met: held.length, held };
  return { model, flows, expected, diagnostics: found, expectations, readable: true };
}
