import { canonical, holds } from "./address.ts";
import type { ProbeAnswer, Target } from "./agent-protocol.ts";
import type { Agent } from "./agents.ts";
import { type AllowedFlow, covers, type Expectations, listOf } from "./expectations.ts";
import type { World } from "./world.ts";

/** Someone who sends or answers: a pod or a host. */
export interface Party {
  /** `namespace/workload` or `host:name`: what patterns match. */
  readonly id: string;
  /** `namespace/pod` or `host:name`: what answers say. */
  readonly name: string;
  readonly gateway: boolean;
  readonly addresses: readonly string[];
  readonly agent: Agent;
}

/** One probe with what it should come to. */
export interface Probe {
  readonly from: Party;
  readonly to: Party;
  readonly network: string;
  /** The networks that the sender itself has addresses on. */
  readonly fromNetworks: readonly string[];
  readonly target: Target;
  readonly flow: AllowedFlow | undefined;
}

/** What a run of the matrix found. */
export interface MatrixResult {
  readonly allowed: number;
  readonly denied: number;
  readonly violations: readonly string[];
}

/** Everyone in the world, with every address they have. */
export function partiesOf(world: World): Party[] {
  const pods = world.pods.map((pod) => ({
    id: `${world.mark}${pod.namespace}/${pod.workload}`,
    name: `${world.mark}${pod.namespace}/${pod.name}`,
    gateway: pod.gateway,
    addresses: [...pod.addresses, ...pod.attachments.flatMap((attachment) => attachment.addresses)],
    agent: pod.agent as Agent,
  }));
  const hosts = world.hosts.map((host) => {
    const tunnels = world.expectations.tunnels.filter((tunnel) => host.addresses.includes(canonical(tunnel.endpoint)));
    const behind = tunnels.flatMap((t) => [t.server.address, ...(t.resolver ? [t.resolver.address] : [])]);
    const addresses = [...new Set([...host.addresses, ...behind.map(canonical)])];
    return { id: `host:${host.name}`, name: `host:${host.name}`, gateway: false, addresses, agent: host.agent };
  });
  return [...pods, ...hosts];
}

/** The network an address lies in, by the names of the expectations; `eth0` for all others. */
export function networkOf(expectations: Pick<Expectations, "networks">, address: string): string {
  const named = Object.entries(expectations.networks);
  return named.find(([, cidrs]) => cidrs.some((cidr) => holds(cidr, address)))?.[0] ?? "eth0";
}

/** Reads `tcp/443` or `icmp` into a target. */
export function targetOf(port: string, address: string): Target {
  const [protocol, number] = port.split("/");
  return { protocol: protocol as Target["protocol"], address, port: Number(number ?? 0) };
}

/**
 * Every party against every address of every other one, on every port of the expectations. Gateways are asked only over
 * eth0 as senders: on their legs they are the way itself.
 */
export function matrixOf(world: World): Probe[] {
  const parties = partiesOf(world);
  return probesBetween(parties, parties, world.expectations);
}

/** Every sender against every address of every other party, judged by what the expectations allow. */
export function probesBetween(
  senders: readonly Party[],
  parties: readonly Party[],
  expectations: Pick<Expectations, "networks" | "probe" | "allow">,
): Probe[] {
  return senders.flatMap((from) =>
    parties
      .filter((to) => to !== from)
      .flatMap((to) =>
        to.addresses.flatMap((address) => {
          const network = networkOf(expectations, address);
          if (from.gateway && network !== "eth0") return [];
          const fromNetworks = from.addresses.map((own) => networkOf(expectations, own));
          return expectations.probe.map((port) => {
            const flow = expectations.allow.find((entry) => allows(entry, from.id, to.id, network, port));
            return { from, to, network, fromNetworks, target: targetOf(port, address), flow };
          });
        }),
      ),
  );
}

function allows(flow: AllowedFlow, from: string, to: string, network: string, port: string): boolean {
  return (
    listOf(flow.from).some((pattern) => covers(pattern, from)) &&
    listOf(flow.to).some((pattern) => covers(pattern, to)) &&
    listOf(flow.on).includes(network) &&
    flow.ports.some((pattern) => covers(pattern, port))
  );
}

/** Everyone to everyone, or a part of that; one wrong answer is a violation. */
export async function runMatrix(world: World, wanted: (probe: Probe) => boolean = () => true): Promise<MatrixResult> {
  return runProbes(matrixOf(world).filter(wanted));
}

/**
 * Sends probes and judges the answers. What must pass goes first, with three tries; what must not pass then gets three
 * times as long as the slowest answer took, so that a loaded machine does not take an open port for a closed one.
 */
export async function runProbes(probes: readonly Probe[]): Promise<MatrixResult> {
  const denied = probes.filter((probe) => !probe.flow);
  const allowed = probes.filter((probe) => probe.flow);
  const violations: string[] = [];
  let slowest = 0;
  let left = allowed;
  for (const timeout of [1000, 1500, 2500]) {
    const answers = await send(left, timeout);
    for (const { probe, answer } of answers.filter((entry) => entry.answer.ok)) {
      slowest = Math.max(slowest, answer.milliseconds);
      const problem = judge(probe, answer);
      if (problem) violations.push(`${problem}: ${spell(probe)}`);
    }
    left = answers.filter((entry) => !entry.answer.ok).map((entry) => entry.probe);
    if (left.length === 0) break;
  }
  for (const probe of left) violations.push(`closed: ${spell(probe)}`);
  const patience = slowest > 0 ? Math.min(5000, Math.max(800, 3 * slowest)) : 1500;
  for (const { probe, answer } of await send(denied, patience)) {
    if (answer.ok || answer.connected)
      violations.push(`open: ${spell(probe)}${answer.by ? `, answered by ${answer.by}` : ""}`);
  }
  return { allowed: allowed.length, denied: denied.length, violations };
}

/** Whether the right one answered, and saw the right source address. */
function judge(probe: Probe, answer: ProbeAnswer): string {
  if (probe.target.protocol === "icmp") return "";
  if (answer.by !== probe.to.name) return `answered by ${answer.by}`;
  const seen = canonical(answer.seen);
  const right = probe.flow?.seenAs
    ? probe.flow.seenAs.some((block) => holds(block, seen))
    : probe.from.addresses.includes(seen);
  return right ? "" : `came from ${answer.seen}`;
}

async function send(probes: readonly Probe[], timeout: number) {
  const senders = [...new Set(probes.map((probe) => probe.from))];
  const batches = await Promise.all(
    senders.map(async (from) => {
      const own = probes.filter((probe) => probe.from === from);
      const answers = await from.agent.probe(
        own.map((probe) => probe.target),
        timeout,
      );
      return own.map((probe, index) => ({ probe, answer: answers[index] as ProbeAnswer }));
    }),
  );
  return batches.flat();
}

/** A probe in words. */
export function spell(probe: Probe): string {
  const { protocol, address, port } = probe.target;
  return `${probe.from.name} -> ${probe.to.name} ${protocol}${port ? `/${port}` : ""} on ${probe.network} (${address})`;
}

/** The ports that the expectations probe. */
export function portsOfProbe(world: World): readonly string[] {
  return world.expectations.probe;
}

/** Whether a probe goes to a network that its sender has no address on: by a gateway, or not at all. */
export function crossesNetworks(probe: Probe): boolean {
  return probe.network !== "eth0" && !probe.fromNetworks.includes(probe.network);
}
