import { canonical, familyOf } from "./address.ts";
import type { ProbeAnswer } from "./agent-protocol.ts";
import type { Claims, Verdict } from "./claims.ts";
import { type Counters, countEgress, countNode } from "./counters.ts";
import { covers, type TunnelExpectation } from "./expectations.ts";
import type { Pod } from "./kubelet.ts";
import { type Party, partiesOf, targetOf } from "./matrix.ts";
import { killContainers, restart } from "./pair-checks.ts";
import { attempt, run, until } from "./shell.ts";
import type { World } from "./world.ts";

/** The tunnel's own claims: through it only, nothing beside it when it is down, large packets, names. */
export async function checkTunnel(world: World, tunnel: TunnelExpectation, claims: Claims): Promise<void> {
  const bench = await makeBench(world, tunnel);
  const name = `tunnel ${tunnel.name}`;
  await claims.check(`${name}: clients reach the destination, and only through it`, () => throughTunnel(bench));
  await claims.check(`${name}: large transfers pass in both directions`, () => largePackets(bench));
  if (tunnel.resolver) await claims.check(`${name}: names resolve through it`, () => names(bench));
  await claims.check(`${name}: with the far end dead nothing leaks`, () => peerDead(bench));
  if (bench.gateways.length > 1)
    await claims.check(`${name}: with its interface gone the other member takes over, and nothing leaks`, () =>
      takenOver(bench),
    );
  else await claims.check(`${name}: with the tunnel's interface gone nothing leaks`, () => interfaceGone(bench));
  await claims.check(`${name}: with the gateway's processes killed nothing leaks`, () => gatewayKilled(bench));
  await claims.check(`${name}: with the client's own link down nothing leaks`, () => clientLinkDown(bench));
}

interface Bench {
  readonly world: World;
  readonly tunnel: TunnelExpectation;
  readonly gateways: readonly Pod[];
  readonly clients: readonly Party[];
  readonly clientPods: readonly Pod[];
  /** Clear text that leaves the node, and that leaves the gateway by anything but the tunnel. */
  readonly counters: readonly Counters[];
}

async function makeBench(world: World, tunnel: TunnelExpectation): Promise<Bench> {
  const gateways = world.pods.filter(
    (pod) => pod.namespace === tunnel.namespace && covers(tunnel.gateway, pod.workload),
  );
  if (gateways.length === 0) throw new Error(`tunnel ${tunnel.name} has no gateway pod`);
  const isClient = (id: string) => tunnel.clients.some((pattern) => covers(pattern, id));
  const clients = partiesOf(world).filter((party) => isClient(party.id));
  const clientPods = world.pods.filter((pod) => isClient(`${pod.namespace}/${pod.workload}`));
  const counters = [await countNode(tunnel.destinations)];
  for (const pod of gateways) {
    const links = ["eth0", ...pod.attachments.map((attachment) => attachment.interface)];
    counters.push(await countEgress(pod.netns, links, tunnel.destinations));
  }
  return { world, tunnel, gateways, clients, clientPods, counters };
}

async function leaks(bench: Bench): Promise<string[]> {
  const problems: string[] = [];
  for (const counters of bench.counters) {
    for (const [name, packets] of Object.entries(await counters.read())) {
      if (packets > 0) problems.push(`${packets} packets to the destination left in clear text by ${name}`);
    }
  }
  return problems;
}

async function probeAll(bench: Bench, port: string, timeout: number): Promise<ProbeAnswer[]> {
  const target = targetOf(port, bench.tunnel.server.address);
  return (await Promise.all(bench.clients.map((client) => client.agent.probe([target], timeout)))).flat();
}

async function waitUp(bench: Bench): Promise<boolean> {
  const up = async () => (await probeAll(bench, bench.tunnel.server.port, 1500)).every((answer) => answer.ok);
  return until(up, 20_000, 300);
}

async function throughTunnel(bench: Bench): Promise<Verdict> {
  const { tunnel } = bench;
  const up = await waitUp(bench);
  const problems = up ? [] : ["a client does not reach the server"];
  const seen = (await probeAll(bench, tunnel.server.port, 1500)).map((answer) => answer.seen);
  const sources = tunnel.tunnelAddresses.map((address) => canonical(address.split("/")[0] ?? ""));
  for (const address of seen) {
    const family = address === "" ? undefined : familyOf(canonical(address));
    if (up && family && !sources.includes(canonical(address))) problems.push(`the server sees ${address}`);
  }
  if (tunnel.server.closed) {
    const answers = await probeAll(bench, tunnel.server.closed, 800);
    if (answers.some((answer) => answer.ok)) problems.push(`${tunnel.server.closed} passes too`);
  }
  return { problems: [...problems, ...(await leaks(bench))] };
}

async function largePackets(bench: Bench): Promise<Verdict> {
  const { address, port } = bench.tunnel.server;
  const bytes = 400_000;
  const number = Number(port.split("/")[1]);
  const problems: string[] = [];
  for (const client of bench.clients) {
    const back = await client.agent.transfer(address, number, bytes, 8000);
    if (back < bytes) problems.push(`${client.name}: ${back} of ${bytes} bytes came back`);
  }
  return { problems, measured: `${bytes} bytes each way` };
}

async function names(bench: Bench): Promise<Verdict> {
  const resolver = bench.tunnel.resolver as NonNullable<TunnelExpectation["resolver"]>;
  const problems: string[] = [];
  for (const client of bench.clients) {
    const answer = await client.agent.resolve(resolver.address, resolver.name, 2500);
    if (answer !== resolver.answer) problems.push(`${client.name}: ${resolver.name} is ${answer || "not answered"}`);
  }
  return { problems };
}

/** Tries while something is broken: nothing may answer, nothing may leave in clear text; then mends it. */
async function whileBroken(bench: Bench, mend: () => Promise<void>): Promise<Verdict> {
  const problems: string[] = [];
  for (const port of [bench.tunnel.server.port, "icmp", "udp/53"]) {
    const answers = await probeAll(bench, port, 900);
    if (answers.some((answer) => answer.ok)) problems.push(`${port} of ${bench.tunnel.server.address} answers`);
  }
  problems.push(...(await leaks(bench)));
  await mend();
  if (!(await waitUp(bench))) problems.push("the clients do not reach the server again afterwards");
  return { problems };
}

async function peerDead(bench: Bench): Promise<Verdict> {
  const { endpoint } = bench.tunnel;
  const protocol = familyOf(endpoint) === 4 ? "ip" : "ip6";
  const rules = `table inet plb-dead {\n  chain c {\n    type filter hook forward priority -10; policy accept;\n    ${protocol} daddr ${endpoint} drop\n    ${protocol} saddr ${endpoint} drop\n  }\n}\n`;
  await run("nft", ["-f", "-"], { input: rules });
  return whileBroken(bench, async () => {
    await run("nft", ["delete", "table", "inet", "plb-dead"]);
  });
}

async function interfaceGone(bench: Bench): Promise<Verdict> {
  const gone = await deleteLinks(bench);
  const { problems } = await whileBroken(bench, () => restartAll(bench));
  return { problems: [...gone, ...problems] };
}

/** What wireguard-go or a tunnel's daemon leaves when it dies: its link is no more. Nobody mends anything here. */
async function takenOver(bench: Bench): Promise<Verdict> {
  const problems = await deleteLinks(bench);
  const since = performance.now();
  if (!(await waitUp(bench))) problems.push("the other member did not take over");
  const took = performance.now() - since;
  problems.push(...(await leaks(bench)));
  await restartAll(bench);
  if (!(await waitUp(bench))) problems.push("the clients do not reach the server once both members run again");
  return { problems, measured: `reached again after ${(took / 1000).toFixed(1)} s` };
}

/** Takes the tunnel's link from the one gateway that has it: of a pair, the active member alone. */
async function deleteLinks(bench: Bench): Promise<string[]> {
  const link = bench.tunnel.interface;
  let gone = 0;
  for (const pod of bench.gateways)
    if ((await attempt("ip", ["-n", pod.netns, "link", "del", link])).code === 0) gone++;
  return gone === 1 ? [] : [`${gone} gateways had ${link}, and one should`];
}

async function gatewayKilled(bench: Bench): Promise<Verdict> {
  for (const pod of bench.gateways) await killContainers(pod);
  return whileBroken(bench, () => restartAll(bench));
}

async function restartAll(bench: Bench): Promise<void> {
  for (const pod of bench.gateways) await restart(bench.world, pod);
}

async function clientLinkDown(bench: Bench): Promise<Verdict> {
  const routes = new Map<Pod, string[]>();
  for (const pod of bench.clientPods) {
    for (const { interface: link } of pod.attachments) {
      routes.set(pod, [...(routes.get(pod) ?? []), ...(await routesOf(pod, link))]);
      await run("ip", ["-n", pod.netns, "link", "set", link, "down"]);
    }
  }
  return whileBroken(bench, async () => {
    for (const [pod, lines] of routes) {
      for (const { interface: link } of pod.attachments) await run("ip", ["-n", pod.netns, "link", "set", link, "up"]);
      await run("ip", ["-n", pod.netns, "-batch", "-"], { input: `${lines.join("\n")}\n` });
    }
  });
}

/** What a link going down takes away: its IPv6 addresses and its routes, as `ip` commands that bring them back. */
async function routesOf(pod: Pod, link: string): Promise<string[]> {
  const lines: string[] = [];
  const addresses = JSON.parse(await run("ip", ["-n", pod.netns, "-6", "-j", "addr", "show", "dev", link])) as {
    addr_info: { local: string; prefixlen: number; scope: string }[];
  }[];
  for (const info of addresses[0]?.addr_info.filter((entry) => entry.scope === "global") ?? []) {
    lines.push(`addr replace ${info.local}/${info.prefixlen} dev ${link} nodad`);
  }
  for (const family of ["-4", "-6"]) {
    const text = await run("ip", ["-n", pod.netns, family, "route", "show", "dev", link]);
    const own = text.split("\n").filter((line) => line.includes(" via "));
    lines.push(
      ...own.map((line) => `route replace ${line.replace(/ (proto|metric|pref|src) \S+/g, "").trim()} dev ${link}`),
    );
  }
  return lines;
}
