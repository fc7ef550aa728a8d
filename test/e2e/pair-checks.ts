import { canonical } from "./address.ts";
import type { Claims, Verdict } from "./claims.ts";
import { startContainers } from "./containers.ts";
import { cutOff } from "./counters.ts";
import type { PairExpectation } from "./expectations.ts";
import type { Pod } from "./kubelet.ts";
import { type ConcreteFlow, flowOf, waitForFlow } from "./settle.ts";
import { run, sleep, until } from "./shell.ts";
import { type World, waitReady } from "./world.ts";

/** The longest time without a success after the event, in milliseconds, and whether it came back at all. */
interface Gap {
  readonly milliseconds: number;
  readonly recovered: boolean;
}

/** Failover in three ways, and both members gone; every member is running again afterwards. */
export async function checkPair(world: World, pair: PairExpectation, claims: Claims): Promise<void> {
  const flow = flowOf(world, pair.flow);
  if (!(await waitForFlow(flow, 20_000))) {
    claims.add(`pair ${pair.name}: passes before the failover tests`, ["the flow never passed"]);
    return;
  }
  const members = world.pods.filter((pod) => pod.namespace === pair.namespace && pair.members.includes(pod.workload));
  if (members.length > 1) {
    const ways: readonly [string, (pod: Pod) => Promise<() => Promise<void>>, number][] = [
      ["the active member's node is lost", loseNode, 6000],
      ["the active member's processes are killed (SIGKILL)", (pod) => end(pod, "SIGKILL"), 6000],
      ["the active member is stopped (SIGTERM)", (pod) => end(pod, "SIGTERM"), 4000],
    ];
    for (const [title, way, limit] of ways) {
      await claims.check(`pair ${pair.name}: ${title}, the address moves`, () =>
        failover(world, members, flow, way, limit),
      );
    }
  }
  await claims.check(
    `pair ${pair.name}: stopped members give the addresses back; without any member nothing passes`,
    () => allGone(world, members, flow),
  );
}

async function failover(
  world: World,
  members: readonly Pod[],
  flow: ConcreteFlow,
  way: (pod: Pod) => Promise<() => Promise<void>>,
  limit: number,
): Promise<Verdict> {
  const active = await stableMember(members);
  if (!active) return { problems: ["no member, or more than one, holds the virtual addresses"] };
  const watching = flow.targets.map((target) => flow.from.agent.watch(target, 50, limit + 3000));
  await sleep(1000);
  const event = Date.now();
  const mend = await way(active);
  const successes = await Promise.all(watching);
  const gaps = successes.map((times) => gapAfter(times, event));
  const problems = gaps.flatMap((gap, index) => {
    const address = flow.targets[index]?.address;
    if (!gap.recovered) return [`${address}: never passed again within ${limit + 2000} ms`];
    return gap.milliseconds > limit ? [`${address}: ${gap.milliseconds} ms without a success, limit ${limit}`] : [];
  });
  await mend();
  await restart(world, active);
  await waitReady([active], 10_000, problems);
  if (!(await waitForFlow(flow, 20_000))) problems.push("the flow did not pass after the member came back");
  if (!(await stableMember(members))) problems.push("after the member came back not exactly one holds the addresses");
  const spelt = gaps.map((gap, index) => `${(gap.milliseconds / 1000).toFixed(1)} s (${flow.targets[index]?.address})`);
  return { problems, measured: `${active.name} to the other in ${spelt.join(", ")}` };
}

function gapAfter(successes: readonly number[], event: number): Gap {
  const before = successes.filter((time) => time < event).at(-1) ?? event;
  const after = successes.filter((time) => time >= event);
  const times = [before, ...after];
  const gaps = after.map((time, index) => time - (times[index] ?? time));
  return { milliseconds: Math.max(0, ...gaps), recovered: after.length > 20 };
}

/** The member that holds addresses beside its own ones: the virtual addresses. */
export async function activeMember(members: readonly Pod[]): Promise<Pod | undefined> {
  const holding: Pod[] = [];
  for (const pod of members) if ((await extraAddresses(pod)).length > 0) holding.push(pod);
  return holding.length === 1 ? holding[0] : undefined;
}

/** The one member that holds the virtual addresses for longer than an election takes. */
export async function stableMember(members: readonly Pod[]): Promise<Pod | undefined> {
  let holder = await activeMember(members);
  let since = performance.now();
  await until(
    async () => {
      const now = await activeMember(members);
      if (now !== holder) since = performance.now();
      holder = now;
      return holder !== undefined && performance.now() - since > 4500;
    },
    20_000,
    200,
  );
  return holder;
}

/** Addresses on a pod's attachments that neither Multus nor its own script put there. */
export async function extraAddresses(pod: Pod): Promise<string[]> {
  const links = JSON.parse(await run("ip", ["-n", pod.netns, "-j", "addr"])) as {
    ifname: string;
    addr_info: { local?: string; scope: string }[];
  }[];
  return links.flatMap((link) => {
    const own = pod.attachments.find((attachment) => attachment.interface === link.ifname);
    if (!own) return [];
    const isOwn = (address: string) => own.addresses.includes(address) || pod.ownAddresses?.includes(address) === true;
    return link.addr_info
      .filter((info) => info.scope === "global" && info.local && !isOwn(canonical(info.local)))
      .map((info) => String(info.local));
  });
}

async function loseNode(pod: Pod): Promise<() => Promise<void>> {
  const mend = await cutOff(pod.netns, ["eth0", ...pod.attachments.map((attachment) => attachment.interface)]);
  for (const container of pod.containers) container.kill("SIGKILL");
  return async () => {
    for (const address of await extraAddresses(pod)) await dropAddress(pod, address);
    await mend();
  };
}

async function dropAddress(pod: Pod, address: string): Promise<void> {
  for (const { interface: name } of pod.attachments) {
    await run("sh", [
      "-c",
      `ip -n ${pod.netns} addr show dev ${name} | awk '$2 ~ "^${address}/" {print $2}' | while read a; do ip -n ${pod.netns} addr del "$a" dev ${name}; done`,
    ]);
  }
}

async function end(pod: Pod, signal: "SIGTERM" | "SIGKILL"): Promise<() => Promise<void>> {
  for (const container of pod.containers) container.kill(signal);
  return async () => {};
}

/** Kills a pod's containers and waits until they are gone. */
export async function killContainers(pod: Pod): Promise<void> {
  for (const container of pod.containers) container.kill("SIGKILL");
  const gone = await until(async () => pod.containers.every((container) => container.pid() === undefined), 10_000, 50);
  if (!gone) throw new Error(`${pod.name}: a killed container does not end`);
}

/** Ends what is left of a pod's containers and starts them again, as the kubelet does. */
export async function restart(world: World, pod: Pod): Promise<void> {
  await killContainers(pod);
  pod.containers = await startContainers(pod, pod.folder, world.data);
}

async function allGone(world: World, members: readonly Pod[], flow: ConcreteFlow): Promise<Verdict> {
  for (const pod of members) for (const container of pod.containers) container.kill("SIGTERM");
  await sleep(2500);
  for (const pod of members) await killContainers(pod);
  const problems: string[] = [];
  for (const pod of members) {
    const left = await extraAddresses(pod);
    if (left.length > 0) problems.push(`${pod.name} still holds ${left.join(", ")}`);
  }
  // A stopped container leaves its pod's network, which forwards by the loaded rules until the pod is removed.
  const mends = [];
  for (const pod of members)
    mends.push(
      await cutOff(
        pod.netns,
        pod.attachments.map((a) => a.interface),
      ),
    );
  const answers = await flow.from.agent.probe(flow.targets, 1000);
  problems.push(...answers.flatMap((answer, i) => (answer.ok ? [`${flow.targets[i]?.address} still answers`] : [])));
  for (const mend of mends) await mend();
  for (const pod of members) await restart(world, pod);
  await waitReady(members, 10_000, problems);
  if (!(await waitForFlow(flow, 20_000))) problems.push("the flow did not pass after the members came back");
  return { problems };
}
