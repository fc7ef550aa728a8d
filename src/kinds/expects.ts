import type { Expects } from "../ir/expects.ts";
import type { Instance } from "../ir/intent.ts";
import type { Plan } from "../ir/plan.ts";
import { kinds } from "./index.ts";

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

/**
 * What the intents of a cluster say beside its plan, each kind from the spec and from what was allocated: devices that no
 * manifest knows, gateways that somebody else builds, and checks.
 */
export function collectExpectations(plan: Plan, instances: readonly Instance[]): Expects {
  const kindOf = ({ intent }: Instance) => byName.get(intent.kind);
  const devices = instances.flatMap((one) => kindOf(one)?.devices?.(one, plan) ?? []);
  return {
    devices,
    adopted: instances.flatMap((one) => kindOf(one)?.adopted?.(one, plan) ?? []),
    checks: instances.flatMap((one) => kindOf(one)?.checks?.(one, plan, devices) ?? []),
  };
}
