import fc from "fast-check";
import { renderTopology } from "../reachability/render-topology.ts";
import { PORTS, subnetOf, type Topology, topologies } from "../reachability/topology.ts";
import { flowsOf, POD_CIDRS } from "../reachability/topology-flows.ts";
import { type Claim, makeClaims, type Verdict } from "./claims.ts";
import type { Expectations } from "./expectations.ts";
import { type ManifestSet, readObjects } from "./manifests.ts";
import { matrixOf, type Probe, runProbes } from "./matrix.ts";
import { modelVerdict } from "./model-verdicts.ts";
import { type Ground, makeWorld } from "./world.ts";

/** A firewall of a generated world may send from an address of its own: whoever answers sees that. */
const anySource = ["0.0.0.0/0", "::/0"];

/** Generated worlds, with whatever is wrong in them, as packets: they must do what the reachability model says. */
export async function topologiesSuite(
  ground: Ground,
  count: number,
  print: (line: string) => void,
): Promise<readonly Claim[]> {
  const claims = makeClaims("packets", "generated topologies", print);
  await claims.check("packets do what the reachability model says", async () => {
    const problems: string[] = [];
    let [open, closed] = [0, 0];
    for (const world of fc.sample(topologies, { numRuns: count, seed: 20261124 })) {
      const result = await runTopology(ground, world);
      problems.push(...result.problems.map((problem) => `${problem} in ${JSON.stringify(world)}`));
      open += result.open;
      closed += result.closed;
    }
    if (open === 0) problems.push("nothing passes in any of them");
    return { problems, measured: `${count} worlds, ${open} probes pass, ${closed} do not` };
  });
  return claims.list;
}

interface Result extends Verdict {
  readonly open: number;
  readonly closed: number;
}

async function runTopology(ground: Ground, topology: Topology): Promise<Result> {
  const expectations = expectationsOf(topology);
  const world = await makeWorld(ground, setOf(topology), expectations);
  const says = modelVerdict(flowsOf(topology), expectations);
  const probes = matrixOf(world)
    .filter(isAnswered)
    .map((probe) => {
      const flow = { from: probe.from.id, to: probe.to.id, on: probe.network, ports: ["*"], seenAs: anySource };
      return { ...probe, flow: says(probe) ? flow : undefined };
    });
  const { violations, allowed, denied } = await runProbes(probes);
  await world.down();
  return { problems: [...world.troubles, ...violations], open: allowed, closed: denied };
}

/** A datagram to the far leg of a firewall arrives, but what its sockets answer comes from the near leg, and is not heard. */
function isAnswered({ to, network, fromNetworks, target }: Probe): boolean {
  return !to.gateway || target.protocol !== "udp" || network === "eth0" || fromNetworks.includes(network);
}

function setOf(topology: Topology): ManifestSet {
  const { files, workloads } = renderTopology(topology);
  const objects = (list: typeof files) => list.flatMap(({ text, path }) => readObjects(text, path));
  return { objects: objects(files), workloads: objects(workloads) };
}

function expectationsOf({ zones, dual, enforced }: Topology): Expectations {
  const families = dual ? ([4, 6] as const) : ([4] as const);
  const ports = [...PORTS, 30];
  const networks = zones.map((_zone, index) => [`zone-${index}`, families.map((family) => subnetOf(index, family))]);
  return {
    example: "generated",
    cluster: "one",
    out: "",
    workloads: "",
    platform: {
      podCidrs: families.map((family) => POD_CIDRS[family]),
      mtu: 1500,
      namespaceIsolation: false,
      multiPolicy: { plugins: [enforced ? "macvlan" : "ipvlan"], acceptIcmp: false, acceptIcmp6: true },
      adminTier: false,
    },
    replicas: 1,
    links: zones.map((_zone, index) => ({ name: `bond1.${100 + index}`, mtu: 1500 })),
    networks: Object.fromEntries(networks),
    extraPods: [],
    extraObjects: [],
    hosts: [],
    probe: [...ports.map((port) => `tcp/${port}`), ...ports.map((port) => `udp/${port}`)],
    allow: [],
    pairs: [],
    tunnels: [],
  };
}
