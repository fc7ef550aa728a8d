import { familyOf, toBlock } from "./address.ts";
import type { Target } from "./agent-protocol.ts";
import { covers, type PairExpectation } from "./expectations.ts";
import { type Party, partiesOf, targetOf } from "./matrix.ts";
import { until } from "./shell.ts";
import type { World } from "./world.ts";

/** A flow made concrete: the first pod that sends, and a target per address family of the far side. */
export interface ConcreteFlow {
  readonly from: Party;
  readonly to: Party;
  readonly targets: readonly Target[];
}

/** The flow of a pair's expectation between real pods; throws where the world has no such pods. */
export function flowOf(world: World, flow: PairExpectation["flow"]): ConcreteFlow {
  const parties = partiesOf(world);
  const named = (pattern: string) => `${pattern.startsWith("host:") ? "" : world.mark}${pattern}`;
  const from = parties.find((party) => covers(named(flow.from), party.id));
  const to = parties.find((party) => covers(named(flow.to), party.id) && party !== from);
  if (!from || !to) throw new Error(`no pods for the flow ${flow.from} -> ${flow.to}`);
  const cidrs = world.expectations.networks[flow.on] ?? [];
  const targets = to.addresses
    .filter((address) => cidrs.some((cidr) => toBlock(cidr).family === familyOf(address) && inside(cidr, address)))
    .map((address) => targetOf(flow.port, address));
  if (targets.length === 0) throw new Error(`${to.name} has no address on ${flow.on}`);
  return { from, to, targets };
}

function inside(cidr: string, address: string): boolean {
  return toBlock(cidr).first <= toBlock(address).first && toBlock(address).first <= toBlock(cidr).last;
}

/** Waits until a flow passes in every family; false where it does not within the time (milliseconds). */
export async function waitForFlow(flow: ConcreteFlow, within: number): Promise<boolean> {
  return until(async () => (await flow.from.agent.probe(flow.targets, 500)).every((answer) => answer.ok), within, 100);
}

/** Waits until every pair has elected a member; what did not settle is for the matrix to report. */
export async function settle(world: World, within = 12_000): Promise<boolean> {
  const flows: ConcreteFlow[] = [];
  for (const pair of world.expectations.pairs) {
    try {
      flows.push(flowOf(world, pair.flow));
    } catch {
      return false;
    }
  }
  const settled = await Promise.all(flows.map((flow) => waitForFlow(flow, within)));
  return settled.every(Boolean);
}
