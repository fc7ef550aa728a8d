import { groupBy } from "../collections/group-by.ts";
import { findCollisions } from "./collisions.ts";
import type { EndpointState } from "./endpoint-state.ts";
import { createUnitFilter, type MigrationUnit } from "./migration-unit.ts";
import { type ClusterObject, isSameObject } from "./object.ts";
import { findPhase, sortByPhase } from "./phase.ts";
import type { MigrationStep, Operation, StepKind } from "./step.ts";

/**
 * The steps from one side to the other. What denies comes first and goes last: new guards, then unit by unit, then what
 * is no longer needed. A unit whose old and new networks cannot stand side by side is stopped in between.
 */
export function planSteps(
  before: EndpointState,
  after: EndpointState,
  units: readonly MigrationUnit[],
): readonly MigrationStep[] {
  const owned = units.map(createUnitFilter);
  const free = (one: ClusterObject) => !owned.some((mine) => mine(one));
  const steps: Omit<MigrationStep, "slug">[] = [];
  const add = (kind: StepKind, unit: MigrationUnit | undefined, moves: readonly Operation[]) => {
    const real = moves.filter((one) => (one.type === "run" ? one.workloads : one.objects).length > 0);
    if (real.length > 0) steps.push({ kind, unit, moves: real });
  };
  const missing = (one: ClusterObject) => !before.objects.has(one.id);
  const differs = (one: ClusterObject) => !isSameObject(before.objects.get(one.id), one);
  const ground = [...after.objects.values()].filter(free);
  add("prepare", undefined, buildApplyOperations(ground.filter(missing)));
  for (const unit of units) for (const [kind, moves] of movesOf(unit, before, after)) add(kind, unit, moves);
  const gone = [...before.objects.values()].filter(free).filter((one) => !after.objects.has(one.id));
  add("finish", undefined, [
    ...buildApplyOperations(ground.filter((one) => !missing(one) && differs(one))),
    ...buildRemoveOperations(gone),
  ]);
  return steps.map((step, index) => ({ ...step, slug: slugOf(step, index + 1) }));
}

function movesOf(
  unit: MigrationUnit,
  before: EndpointState,
  after: EndpointState,
): readonly (readonly [StepKind, readonly Operation[]])[] {
  const mine = createUnitFilter(unit);
  const old = [...before.objects.values()].filter(mine).filter((one) => !after.objects.has(one.id));
  const fresh = [...after.objects.values()]
    .filter(mine)
    .filter((one) => !isSameObject(before.objects.get(one.id), one));
  const pods = (one: ClusterObject) => findPhase(one) === "pods";
  const still = (one: ClusterObject) => !pods(one);
  // Pods of ours that change are taken away first, and come back as they are to be.
  const ours = [...before.objects.values()].filter(mine).filter(pods);
  const stopped = ours.filter((one) => !isSameObject(one, after.objects.get(one.id)));
  const run = (as: "none" | "both" | "after"): Operation => ({ type: "run", workloads: unit.workloads, as });
  if (findCollisions(unit, before, after).length > 0 || stopped.length > 0)
    return [
      ["stop", [run("none"), ...buildRemoveOperations(stopped)]],
      ["remove", buildRemoveOperations(old.filter(still))],
      ["create", buildApplyOperations(fresh.filter(still))],
      ["start", [...buildApplyOperations(fresh.filter(pods)), run("after")]],
    ];
  return [
    ["create", buildApplyOperations(fresh)],
    ["restart", [run("both"), run("after")]],
    ["remove", buildRemoveOperations(old)],
  ];
}

/** One move a phase: whatever the order within it, the state in between is less than the one after. */
function buildApplyOperations(objects: readonly ClusterObject[]): readonly Operation[] {
  return byPhase(sortByPhase(objects)).map((part) => ({ type: "apply", objects: part }));
}

/** Pods first, then networks; what denies goes last. */
function buildRemoveOperations(objects: readonly ClusterObject[]): readonly Operation[] {
  return byPhase([...sortByPhase(objects)].reverse()).map((part) => ({ type: "remove", objects: part }));
}

function byPhase(objects: readonly ClusterObject[]): readonly (readonly ClusterObject[])[] {
  return [...groupBy(objects, findPhase).values()];
}

function slugOf({ kind, unit }: Omit<MigrationStep, "slug">, number: number): string {
  return [String(number).padStart(2, "0"), kind, ...(unit ? [unit.name] : [])].join("-");
}
