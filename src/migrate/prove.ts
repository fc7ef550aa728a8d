import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Model } from "../verify/model/model.ts";
import { connectionChanges } from "../verify/report/connection-changes.ts";
import { type Ground, modelOf, onWires, type Reach, reachOf, wiresOf } from "./reach.ts";
import { migrateRules } from "./rules.ts";
import type { Side } from "./side.ts";
import { type State, statesOf } from "./state.ts";
import type { Step } from "./step.ts";

/** What is known of both sides besides their manifests. */
export interface Grounds {
  readonly before: Ground;
  readonly after: Ground;
}

export interface Proof {
  readonly states: readonly State[];
  /** By state: how many connections stand in it. */
  readonly counted: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Walks through every state of the steps, and holds who reaches whom in it against what is reached before or after:
 * nothing may be connected on the way that is apart on both sides.
 */
export function prove(before: Side, after: Side, grounds: Grounds, steps: readonly Step[]): Proof {
  const ends: readonly State[] = [
    { step: "before", move: 0, matters: true, objects: before.objects, running: new Map() },
    { step: "after", move: 0, matters: true, objects: after.objects, running: allAfter(before, after) },
  ];
  const sides = [before, after] as const;
  const [first, last] = ends.map((state, index) =>
    modelOf(state, sides, index === 0 ? grounds.before : grounds.after),
  ) as [ReturnType<typeof modelOf>, ReturnType<typeof modelOf>];
  const wires = wiresOf([first.model, last.model]);
  const read = (model: Model, ground: Ground, unread: readonly string[]) =>
    reachOf(onWires(model, wires), ground.meaning, unread);
  const allowed: readonly Reach[] = [
    read(first.model, grounds.before, errorsOf(first)),
    read(last.model, grounds.after, errorsOf(last)),
  ];
  const states = statesOf(before, steps);
  const reached: Reach[] = [];
  for (const state of states) {
    const last = reached.at(-1);
    if (last && !state.matters) reached.push(last);
    else {
      // Devices outside are those of before until everything has moved.
      const built = modelOf(state, sides, grounds.before);
      reached.push(read(built.model, grounds.before, errorsOf(built)));
    }
  }
  const found = states.flatMap((state, index) => judged(state, reached[index] as Reach, allowed));
  return { states, counted: reached.map((one) => one.connections.length), diagnostics: distinct(found) };
}

function allAfter(before: Side, after: Side): State["running"] {
  return new Map([...before.workloads.keys(), ...after.workloads.keys()].map((id) => [id, "after"]));
}

function errorsOf({ diagnostics }: ReturnType<typeof modelOf>): readonly string[] {
  return diagnostics.filter((one) => one.severity === "error").map((one) => one.message);
}

function judged({ step }: State, reach: Reach, allowed: readonly Reach[]): readonly Diagnostic[] {
  const before = allowed.flatMap((one) => one.connections);
  const opened = connectionChanges(before, reach.connections).flatMap((one) => one.opened);
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
