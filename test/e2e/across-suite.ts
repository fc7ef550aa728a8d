import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ProbeAnswer } from "./agent-protocol.ts";
import type { Agent } from "./agents.ts";
import { startInside } from "./children.ts";
import type { Claim } from "./claims.ts";
import { makeClaims, type Verdict } from "./claims.ts";
import { cutOff } from "./counters.ts";
import { type Expectations, readExpectations } from "./expectations.ts";
import { projectRoot } from "./ground.ts";
import { type Held, heldIn, membersIn } from "./held-addresses.ts";
import { batch, switchOf } from "./links.ts";
import { type Party, partiesOf, probesBetween, runProbes } from "./matrix.ts";
import { readSet } from "./packet-suite.ts";
import { killContainers } from "./pair-checks.ts";
import type { RemoteReady, RemoteRequest } from "./remote-protocol.ts";
import { settle } from "./settle.ts";
import { disjointRanges, oneVlan, uniqueRouterIds } from "./shared-links.ts";
import { until } from "./shell.ts";
import { type Ground, makeWorld, type World } from "./world.ts";

/** Two clusters of one Fabric on the same links: disjoint addresses, and what may pass between them. */
export async function acrossSuite(
  ground: Ground,
  expectations: Expectations,
  print: (line: string) => void,
): Promise<readonly Claim[]> {
  const folder = join(projectRoot, "test/e2e/expectations");
  const near = readExpectations(join(folder, String(expectations.beside)));
  const claims = makeClaims("packets", `${near.example} · ${near.cluster} beside ${expectations.cluster}`, print);
  const file = join(folder, `${expectations.example}-${expectations.cluster}.yaml`);
  const set = await readSet(ground.bin, near);
  const clusters = [
    { cluster: near.cluster, objects: set.objects },
    { cluster: expectations.cluster, objects: (await readSet(ground.bin, expectations)).objects },
  ];
  await claims.check("a zone is one VLAN in both clusters", async () => oneVlan(clusters));
  await claims.check("ranges, fixed and virtual addresses of the two do not meet", async () =>
    disjointRanges(clusters),
  );
  await claims.check("router ids are unique on every link", async () => uniqueRouterIds(clusters));
  const [world, remote] = await Promise.all([
    makeWorld(ground, set, near),
    startRemote([ground.bin, join(ground.folder, "remote"), `${ground.prefix}r`, file]),
  ]);
  claims.add("both clusters start", [...world.troubles, ...remote.troubles]);
  const shared = expectations.links.filter((link) => near.links.some((own) => own.name === link.name));
  for (const [index, link] of shared.entries()) await plug(remote, link.name, index, expectations.platform.mtu);
  await settle(world);
  const own = partiesOf(world);
  await claims.check("no address is given out in both clusters", async () => {
    const taken = new Set(own.flatMap((party) => party.addresses));
    const twice = remote.parties.flatMap((party) => party.addresses.filter((address) => taken.has(address)));
    return { problems: twice, measured: `${shared.map((link) => link.name).join(", ")} shared` };
  });
  const rules = {
    networks: near.networks,
    probe: [...new Set([...near.probe, ...expectations.probe])],
    allow: expectations.across ?? [],
  };
  await claims.check("exactly the intended packets pass between the clusters", async () => {
    const probes = [...probesBetween(own, remote.parties, rules), ...probesBetween(remote.parties, own, rules)];
    const { violations, allowed, denied } = await runProbes(probes);
    return { problems: violations, measured: `${allowed} pass, ${denied} do not` };
  });
  await claims.check("each pair holds its own addresses and no other's, also after a failover beside it", () =>
    ownAddresses(world, remote),
  );
  await world.down();
  remote.stop();
  return claims.list;
}

/** Pairs of different clusters on one link: an election in one of them must not move what another one holds. */
async function ownAddresses(world: World, remote: Remote): Promise<Verdict> {
  const far = async () => (await remote.ask({ op: "held" })) as Held[];
  const [here, there] = [await heldIn(world), await far()];
  const wanted = new Set(world.expectations.pairs.map((pair) => pair.name));
  const taken = new Set(here.flatMap((held) => held.addresses));
  const problems = there
    .flatMap((held) => held.addresses.filter((address) => taken.has(address)))
    .map((address) => `${address} is held in both clusters`);
  if (here.length !== wanted.size) problems.push(`${here.length} pods hold the addresses of ${wanted.size} pairs`);
  for (const pair of world.expectations.pairs) {
    const before = here.find((held) => held.pair === pair.name);
    const active = membersIn(world, pair).find((pod) => `${pod.namespace}/${pod.name}` === before?.pod);
    if (!before || !active) continue;
    await killContainers(active);
    // What a killed member leaves behind would be given up with its pod.
    const mend = await cutOff(
      active.netns,
      active.attachments.map((attachment) => attachment.interface),
    );
    const moved = async () =>
      (await heldIn(world)).some((held) => held.pod !== before.pod && `${held.addresses}` === `${before.addresses}`);
    if (!(await until(moved, 8000))) problems.push(`${pair.name}: the other member does not take ${before.addresses}`);
    const after = await far();
    if (JSON.stringify(after) !== JSON.stringify(there))
      problems.push(`beside ${pair.name}: ${JSON.stringify(there)} became ${JSON.stringify(after)}`);
    await mend();
  }
  return {
    problems,
    measured: `${taken.size} addresses here, ${there.flatMap((held) => held.addresses).length} there`,
  };
}

interface Remote {
  readonly parties: readonly Party[];
  readonly troubles: readonly string[];
  readonly pid: number;
  ask(request: RemoteRequest): Promise<unknown>;
  stop(): void;
}

/** A veth pair between the two nodes' switches of a link: the cable between two racks. */
async function plug(remote: Remote, link: string, index: number, mtu: number): Promise<void> {
  const [here, there] = [`plbt-${index}`, `plbu-${index}`];
  await batch([
    `link add ${here} type veth peer name ${there} netns ${remote.pid}`,
    `link set ${here} mtu ${mtu} master ${switchOf(link)} up`,
  ]);
  await remote.ask({ op: "plug", port: there, link });
}

async function startRemote(args: readonly string[]): Promise<Remote> {
  const child = startInside("remote-world.ts", args);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  const ask = (request: RemoteRequest) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  const ready = await new Promise<RemoteReady>((resolve, reject) => {
    child.on("close", (code) => {
      const error = new Error(`the other cluster ended with ${code}`);
      reject(error);
      for (const caller of waiting.values()) caller.reject(error);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const message = JSON.parse(line) as RemoteReady | { id: number; result?: unknown; error?: string };
      if ("parties" in message) return resolve(message);
      const caller = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) caller?.resolve(message.result);
      else caller?.reject(new Error(message.error));
    });
  });
  const prober = (name: string): Agent => ({
    ...noAgent,
    probe: async (targets, timeout = 900) =>
      targets.length === 0 ? [] : ((await ask({ op: "probe", name, targets, timeout })) as ProbeAnswer[]),
  });
  return {
    parties: ready.parties.map((party) => ({ ...party, agent: prober(party.name) })),
    troubles: ready.troubles,
    pid: child.pid ?? 0,
    ask,
    stop: () => child.kill("SIGKILL"),
  };
}

const absent = () => Promise.reject(new Error("a party of the other cluster only probes"));
const noAgent: Agent = {
  probe: absent,
  watch: absent,
  transfer: absent,
  ping: absent,
  resolve: absent,
  stop: () => {},
};
