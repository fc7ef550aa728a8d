import { groupBy } from "../collections/group-by.ts";
import { collisionsOf } from "./collides.ts";
import { type ClusterObject, sameObject } from "./object.ts";
import { inOrder, phaseOf } from "./phase.ts";
import type { Side } from "./side.ts";
import type { Move, Step, StepKind } from "./step.ts";
import { belongsTo, type Unit } from "./unit.ts";

/**
 * The steps from one side to the other. What denies comes first and goes last: new guards, then unit by unit, then what
 * is no longer needed. A unit whose old and new networks cannot stand side by side is stopped in between.
 */
export function stepsOf(before: Side, after: Side, units: readonly Unit[]): readonly Step[] {
  const owned = units.map(belongsTo);
  const free = (one: ClusterObject) => !owned.some((mine) => mine(one));
  const steps: Omit<Step, "slug">[] = [];
  const add = (kind: StepKind, unit: Unit | undefined, moves: readonly Move[]) => {
    const real = moves.filter((one) => (one.type === "run" ? one.workloads : one.objects).length > 0);
    if (real.length > 0) steps.push({ kind, unit, moves: real });
  };
  const missing = (one: ClusterObject) => !before.objects.has(one.id);
  const differs = (one: ClusterObject) => !sameObject(before.objects.get(one.id), one);
  const ground = [...after.objects.values()].filter(free);
  add("prepare", undefined, applied(ground.filter(missing)));
  for (const unit of units) for (const [kind, moves] of movesOf(unit, before, after)) add(kind, unit, moves);
  const gone = [...before.objects.values()].filter(free).filter((one) => !after.objects.has(one.id));
  add("finish", undefined, [...applied(ground.filter((one) => !missing(one) && differs(one))), ...removed(gone)]);
  return steps.map((step, index) => ({ ...step, slug: slugOf(step, index + 1) }));
}

function movesOf(unit: Unit, before: Side, after: Side): readonly (readonly [StepKind, readonly Move[]])[] {
  const mine = belongsTo(unit);
  const old = [...before.objects.values()].filter(mine).filter((one) => !after.objects.has(one.id));
  const fresh = [...after.objects.values()].filter(mine).filter((one) => !sameObject(before.objects.get(one.id), one));
  const pods = (one: ClusterObject) => phaseOf(one) === "pods";
  const still = (one: ClusterObject) => !pods(one);
  // Pods of ours that change are taken away first, and come back as they are to be.
  const ours = [...before.objects.values()].filter(mine).filter(pods);
  const stopped = ours.filter((one) => !sameObject(one, after.objects.get(one.id)));
  const run = (as: "none" | "both" | "after"): Move => ({ type: "run", workloads: unit.workloads, as });
  if (collisionsOf(unit, before, after).length > 0 || stopped.length > 0)
    return [
      ["stop", [run("none"), ...removed(stopped)]],
      ["remove", removed(old.filter(still))],
      ["create", applied(fresh.filter(still))],
      ["start", [...applied(fresh.filter(pods)), run("after")]],
    ];
  return [
    ["create", applied(fresh)],
    ["restart", [run("both"), run("after")]],
    ["remove", removed(old)],
  ];
}

/** One move a phase: whatever the order within it, the state in between is less than the one after. */
function applied(objects: readonly ClusterObject[]): readonly Move[] {
  return byPhase(inOrder(objects)).map((part) => ({ type: "apply", objects: part }));
}

/** Pods first, then networks; what denies goes last. */
function removed(objects: readonly ClusterObject[]): readonly Move[] {
  return byPhase([...inOrder(objects)].reverse()).map((part) => ({ type: "remove", objects: part }));
}

function byPhase(objects: readonly ClusterObject[]): readonly (readonly ClusterObject[])[] {
  return [...groupBy(objects, phaseOf).values()];
}

function slugOf({ kind, unit }: Omit<Step, "slug">, number: number): string {
  return [String(number).padStart(2, "0"), kind, ...(unit ? [unit.name] : [])].join("-");
}
