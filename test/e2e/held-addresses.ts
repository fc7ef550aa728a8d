import type { PairExpectation } from "./expectations.ts";
import type { Pod } from "./kubelet.ts";
import { extraAddresses } from "./pair-checks.ts";
import type { World } from "./world.ts";

/** Who holds the virtual addresses of a pair just now. */
export interface Held {
  readonly pair: string;
  /** `fw-edge/edge-1-0`; a pair that has elected has one entry. */
  readonly pod: string;
  readonly addresses: readonly string[];
}

/** The virtual addresses of every pair of a world, by the pods that hold them. */
export async function heldIn(world: World): Promise<Held[]> {
  const held: Held[] = [];
  for (const pair of world.expectations.pairs)
    for (const pod of membersIn(world, pair)) {
      const addresses = (await extraAddresses(pod)).sort();
      if (addresses.length > 0) held.push({ pair: pair.name, pod: `${pod.namespace}/${pod.name}`, addresses });
    }
  return held;
}

export function membersIn(world: World, pair: PairExpectation): Pod[] {
  return world.pods.filter((pod) => pod.namespace === pair.namespace && pair.members.includes(pod.workload));
}
