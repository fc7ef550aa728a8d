import type { EndpointState } from "./endpoint-state.ts";
import type { ClusterObject } from "./object.ts";
import { findPhase } from "./phase.ts";
import type { MigrationStep, RunningState } from "./step.ts";

/** A cluster on its way: what is applied, and whose pods run with which networks. */
export interface MigrationState {
  /** `02-stop-corp`, and which move of it. */
  readonly step: string;
  readonly move: number;
  /** Whether the move was of more than guards, which judge objects and pass no packet. */
  readonly matters: boolean;
  readonly objects: ReadonlyMap<string, ClusterObject>;
  /** Only workloads that move; all others run as they are. */
  readonly running: ReadonlyMap<string, RunningState>;
}

/** Every state that the steps lead through, one after each move. */
export function listStates(before: EndpointState, steps: readonly MigrationStep[]): readonly MigrationState[] {
  const objects = new Map(before.objects);
  const running = new Map<string, RunningState>();
  const states: MigrationState[] = [];
  for (const step of steps)
    for (const [move, one] of step.moves.entries()) {
      if (one.type === "run") for (const id of one.workloads) running.set(id, one.as);
      else
        for (const object of one.objects) {
          if (one.type === "apply") objects.set(object.id, object);
          else objects.delete(object.id);
        }
      const matters = one.type === "run" || one.objects.some(matter);
      states.push({ step: step.slug, move, matters, objects: new Map(objects), running: new Map(running) });
    }
  return states;
}

/** Policies that change pods as they are admitted are read; those that only refuse are not. */
function matter(object: ClusterObject): boolean {
  return findPhase(object) !== "guard" || object.kind.startsWith("Mutating");
}

/** The state once a step is done. */
export function findLastState(states: readonly MigrationState[], step: MigrationStep): MigrationState | undefined {
  return states.filter((one) => one.step === step.slug).at(-1);
}
