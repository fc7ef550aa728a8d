import type { Verdict } from "./claims.ts";
import { countEgress } from "./counters.ts";
import { type MatrixResult, runMatrix } from "./matrix.ts";
import { pool } from "./shell.ts";
import type { World } from "./world.ts";

/**
 * Runs everything that may pass on the secondary networks while each attached pod's eth0 counts what it sends to addresses
 * of these networks: a request or a reply that took the default network would be counted.
 */
export async function replySameWay(world: World): Promise<Verdict> {
  const destinations = Object.values(world.expectations.networks).flat();
  const attached = world.pods.filter((pod) => pod.attachments.length > 0);
  const counters = await pool(attached, 4, async (pod) => ({
    pod,
    counter: await countEgress(pod.netns, ["eth0"], destinations),
  }));
  const result: MatrixResult = await runMatrix(world, (probe) => probe.flow !== undefined && probe.network !== "eth0");
  const strays = await pool(counters, 4, async ({ pod, counter }) => {
    const { eth0: packets = 0 } = await counter.read();
    return packets > 0 ? [`${pod.namespace}/${pod.name} sent ${packets} packets to a secondary network by eth0`] : [];
  });
  return {
    problems: [...result.violations, ...strays.flat()],
    measured: `${result.allowed} flows, ${attached.length} pods watched`,
  };
}
