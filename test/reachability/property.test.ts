import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "../../src/net/address.ts";
import { containsRangeAddress } from "../../src/net/range.ts";
import type { FlowSet } from "../../src/verify/dataplane/flow.ts";
import { createPortSet, intersectServices } from "../../src/verify/headerspace/service-set.ts";
import { listWorkloadIds } from "../../src/verify/model/pods/node.ts";
import { type PodRef, type Probe, reachesByDefault, reachesByNetwork } from "./simulate.ts";
import { addressOf, type Family, PORTS, podHost, type Topology, topologies } from "./topology.ts";
import { flowsOf } from "./topology-flows.ts";

function modelSaysNetwork(flows: FlowSet, from: PodRef, to: PodRef, { family, protocol, port }: Probe): boolean {
  const [source, destination] = [from, to].map(({ zone, nth }) => parseAddress(addressOf(zone, podHost(nth), family)));
  if (!source || !destination) return false;
  return flows.secondary.some(
    ({ from: end, to: other, sent }) =>
      end.type === "node" &&
      listWorkloadIds(end.node).includes(`Deployment z${from.zone}/p${from.nth}`) &&
      other.type === "node" &&
      listWorkloadIds(other.node).includes(`Deployment z${to.zone}/p${to.nth}`) &&
      sent.sources.some((range) => containsRangeAddress(range, source)) &&
      sent.destinations.some((range) => containsRangeAddress(range, destination)) &&
      intersectServices(sent.services, createPortSet(protocol, port, port)).length > 0,
  );
}

function modelSaysDefault(flows: FlowSet, from: PodRef, to: PodRef, { family, protocol, port }: Probe): boolean {
  return flows.primary.some(
    (flow) =>
      flow.family === family &&
      flow.from.nodes.some((node) => listWorkloadIds(node).includes(`Deployment z${from.zone}/p${from.nth}`)) &&
      flow.to.nodes.some((node) => listWorkloadIds(node).includes(`Deployment z${to.zone}/p${to.nth}`)) &&
      intersectServices(flow.services, createPortSet(protocol, port, port)).length > 0,
  );
}

function probesOf(world: Topology): readonly Probe[] {
  const families: readonly Family[] = world.dual ? [4, 6] : [4];
  return families.flatMap((family) =>
    (["tcp", "udp"] as const).flatMap((protocol) => [...PORTS, 30].map((port) => ({ family, protocol, port }))),
  );
}

const counted = { worlds: 0, packets: 0, open: 0 };

test("the model and a packet-by-packet simulation agree on generated worlds", () => {
  fc.assert(
    fc.property(topologies, (world) => {
      const flows = flowsOf(world);
      const pods = world.zones.flatMap((zone, index) => zone.pods.map((_pod, nth) => ({ zone: index, nth })));
      counted.worlds++;
      for (const from of pods)
        for (const to of pods) {
          if (from === to) continue;
          for (const probe of probesOf(world)) {
            const what = `${JSON.stringify({ from, to, probe })}`;
            const byNetwork = reachesByNetwork(world, from, to, probe);
            counted.packets += 2;
            if (byNetwork) counted.open++;
            expect(modelSaysNetwork(flows, from, to, probe), `network ${what}`).toBe(byNetwork);
            expect(modelSaysDefault(flows, from, to, probe), `eth0 ${what}`).toBe(
              reachesByDefault(world, from, to, probe),
            );
          }
        }
    }),
    { numRuns: 400, seed: 20261124 },
  );
  console.log(`${counted.worlds} worlds, ${counted.packets} packets, ${counted.open} of them let through by a network`);
  expect(counted.worlds).toBeGreaterThanOrEqual(200);
  expect(counted.open).toBeGreaterThan(500);
}, 120_000);
