import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import type { ExpectedCheck } from "../ir/expects.ts";
import type { Instance } from "../ir/intent.ts";
import type { Plan } from "../ir/plan.ts";
import { expectsOf } from "../kinds/expects.ts";
import type { SourceFile } from "../source/source-file.ts";
import { compare } from "./checks/compare.ts";
import { assertExpectations, type Held, heldOf } from "./checks/expectations.ts";
import { layers } from "./checks/layers.ts";
import { loopholes } from "./checks/loopholes.ts";
import { tooMuch } from "./checks/too-much.ts";
import { allFlows } from "./dataplane/all-flows.ts";
import { type Flows, noFlows } from "./dataplane/flow.ts";
import type { Meaning, OtherVersion } from "./expected/expected.ts";
import { watch } from "./expected/index.ts";
import { meaningOf } from "./expected-from-plan.ts";
import { buildModel } from "./model/build-model.ts";
import type { Model } from "./model/model.ts";

/** What is known of a cluster before its output is read: what the intents mean, and what no manifest tells. */
export interface Known {
  readonly plan: Plan;
  readonly instances: readonly Instance[];
}

/** What the files of a cluster let through, before it is held against anything. */
export interface ReadCluster {
  readonly model: Model;
  readonly flows: Flows;
  readonly meaning: Meaning;
  readonly checks: readonly ExpectedCheck[];
  readonly diagnostics: readonly Diagnostic[];
  /** Of texts that cannot be read, and of work that is too much to be done. */
  readonly unread: readonly Diagnostic[];
}

/** Reads back the files of a cluster. For a comparison, with what another version of the cluster knows. */
export function readCluster(
  { plan, instances }: Known,
  files: readonly SourceFile[],
  workloads: readonly WorkloadFile[],
  other?: OtherVersion,
): ReadCluster {
  const expects = expectsOf(plan, instances);
  const meaning = meaningOf(plan, expects);
  const externals = expects.devices;
  const { name, platform } = plan.cluster;
  const { adopted, kept, guests } = meaning;
  const built = buildModel({ cluster: name, platform, files, workloads, externals, adopted, kept, guests, other });
  const { told } = watch(meaning);
  const excess = tooMuch(
    built.model,
    told,
    built.model.paths.size + workloads.length + built.model.written.length + built.model.pods.length,
  );
  const { checks } = expects;
  if (excess.length > 0) return { ...built, flows: noFlows, meaning, checks, unread: [...built.unread, ...excess] };
  const flows = allFlows(built.model, { told, ...(other && { renumbered: other.renumbered }) });
  return { ...built, flows, meaning, checks };
}

export interface Verified {
  readonly model: Model;
  readonly flows: Flows;
  readonly meaning: Meaning;
  readonly diagnostics: readonly Diagnostic[];
  /** How many checks of Expectations there are, how many of them hold, and which. */
  readonly expectations: { readonly checked: number; readonly met: number; readonly held: readonly Held[] };
  /** False: a text of the output cannot be read, or too much is to be verified, and only that is told. */
  readonly readable: boolean;
}

/**
 * Reads back the files of a cluster, with code that shares nothing with what wrote them, and holds what they let through
 * against what the intents mean. `files` are those below the cluster's folder.
 */
export function verifyCluster(
  { plan, instances }: Known,
  files: readonly SourceFile[],
  workloads: readonly WorkloadFile[],
): Verified {
  const read = readCluster({ plan, instances }, files, workloads);
  const { model, flows, meaning, checks, diagnostics, unread } = read;
  if (unread.length > 0)
    return { ...read, diagnostics: unread, expectations: { checked: 0, met: 0, held: [] }, readable: false };
  const watched = watch(meaning);
  const unmet = assertExpectations(model, flows, checks, watched);
  const found = [
    ...diagnostics,
    ...compare(model, flows, meaning),
    ...loopholes(model, flows, watched),
    ...layers(model, watched),
    ...unmet,
  ];
  const held = heldOf(checks, unmet);
  const expectations = { checked: checks.length, met: held.length, held };
  return { model, flows, meaning, diagnostics: found, expectations, readable: true };
}
