import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Model } from "../verify/model/model.ts";
import { compareConnections } from "../verify/report/connection-changes.ts";
import type { EndpointState } from "./endpoint-state.ts";
import {
  analyzeReachability,
  buildStateModel,
  type ClusterContext,
  mapLinkNames,
  type Reachability,
  renameLinks,
} from "./reachability.ts";
import { migrateRules } from "./rules.ts";
import { listStates, type MigrationState } from "./state.ts";
import type { MigrationStep } from "./step.ts";

/** What is known of both sides besides their manifests. */
export interface VerificationInput {
  readonly before: ClusterContext;
  readonly after: ClusterContext;
}

export interface StepsVerification {
  readonly states: readonly MigrationState[];
  /** By state: how many connections stand in it. */
  readonly counted: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Walks through every state of the steps, and holds who reaches whom in it against what is reached before or after:
 * nothing may be connected on the way that is apart on both sides.
 */
export function verifySteps(
  before: EndpointState,
  after: EndpointState,
  grounds: VerificationInput,
  steps: readonly MigrationStep[],
): StepsVerification {
  const ends: readonly MigrationState[] = [
    { step: "before", move: 0, matters: true, objects: before.objects, running: new Map() },
    { step: "after", move: 0, matters: true, objects: after.objects, running: allAfter(before, after) },
  ];
  const sides = [before, after] as const;
  const [first, last] = ends.map((state, index) =>
    buildStateModel(state, sides, index === 0 ? grounds.before : grounds.after),
  ) as [ReturnType<typeof buildStateModel>, ReturnType<typeof buildStateModel>];
  const wires = mapLinkNames([first.model, last.model]);
  const read = (model: Model, ground: ClusterContext, unread: readonly string[]) =>
    analyzeReachability(renameLinks(model, wires), ground.meaning, unread);
  const allowed: readonly Reachability[] = [
    read(first.model, grounds.before, errorsOf(first)),
    read(last.model, grounds.after, errorsOf(last)),
  ];
  const states = listStates(before, steps);
  const reached: Reachability[] = [];
  for (const state of states) {
    const last = reached.at(-1);
    if (last && !state.matters) reached.push(last);
    else {
      // Devices outside are those of before until everything has moved.
      const built = buildStateModel(state, sides, grounds.before);
      reached.push(read(built.model, grounds.before, errorsOf(built)));
    }
  }
  const found = states.flatMap((state, index) => checkState(state, reached[index] as Reachability, allowed));
  return { states, counted: reached.map((one) => one.connections.length), diagnostics: distinct(found) };
}

function allAfter(before: EndpointState, after: EndpointState): MigrationState["running"] {
  return new Map([...before.workloads.keys(), ...after.workloads.keys()].map((id) => [id, "after"]));
}

function errorsOf({ diagnostics }: ReturnType<typeof buildStateModel>): readonly string[] {
  return diagnostics.filter((one) => one.severity === "error").map((one) => one.message);
}

function checkState(
  { step }: MigrationState,
  reach: Reachability,
  allowed: readonly Reachability[],
): readonly Diagnostic[] {
  const before = allowed.flatMap((one) => one.connections);
  const opened = compareConnections(before, reach.connections).flatMap((one) => one.opened);
  const leaks = new Set(allowed.flatMap((one) => one.leaks));
  const unread = new Set(allowed.flatMap((one) => one.unread));
  return [
    ...opened.map(({ from, to, services }) =>
      migrateRules.diagnose("would-open", undefined, { step, from, to, services: services.join(", ") }),
    ),
    ...reach.leaks
      .filter((one) => !leaks.has(one))
      .map((what) => migrateRules.diagnose("would-leak", undefined, { step, what })),
    ...reach.unread
      .filter((one) => !unread.has(one))
      .map((why) => migrateRules.diagnose("unproved", undefined, { step, why })),
  ];
}

function distinct(found: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(found.map((one) => [`${one.code} ${one.message}`, one])).values()];
}
