import type { Claims, Verdict } from "./claims.ts";
import { refreshVolumes, type VolumeData } from "./containers.ts";
import type { PairExpectation } from "./expectations.ts";
import { stableMember } from "./pair-checks.ts";
import { type ConcreteFlow, flowOf, waitForFlow } from "./settle.ts";
import { sleep, until } from "./shell.ts";
import type { World } from "./world.ts";

/** Milliseconds a member may take to load what the kubelet wrote: its script looks every five seconds. */
const within = 8000;

/** A changed ruleset is loaded in place, one that does not load changes nothing, and nobody is restarted. */
export async function checkReload(world: World, pair: PairExpectation, claims: Claims): Promise<void> {
  await claims.check(
    `pair ${pair.name}: changed rules are loaded in place; rules that do not load change nothing`,
    () => reload(world, pair),
  );
}

async function reload(world: World, pair: PairExpectation): Promise<Verdict> {
  const flow = flowOf(world, pair.flow);
  const members = world.pods.filter((pod) => pod.namespace === pair.namespace && pair.members.includes(pod.workload));
  const port = pair.flow.port.split("/")[1] ?? "";
  const id = `ConfigMap/${pair.namespace}/${pair.rules.configMap}`;
  const written = world.data.get(id)?.[pair.rules.key] ?? "";
  const closed = written.replaceAll(new RegExp(`\\b${port}\\b`, "g"), "9");
  if (closed === written) return { problems: [`the ruleset does not name port ${port}`] };
  const put = (text: string) => {
    const data: VolumeData = new Map([...world.data, [id, { ...world.data.get(id), [pair.rules.key]: text }]]);
    for (const pod of members) refreshVolumes(pod, pod.folder, data);
  };
  const pids = () => members.flatMap((pod) => pod.containers.map((container) => container.pid())).join();
  const before = { pids: pids(), active: (await stableMember(members))?.name };
  const problems: string[] = [];
  if (!(await waitForFlow(flow, within))) return { problems: ["the flow does not pass before the change"] };
  put(closed);
  const began = performance.now();
  const shut = await until(async () => !(await passes(flow)), within, 100);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (!shut) problems.push("the flow passes although the new rules close its port");
  put(`${written}\nthis is no rule\n`);
  await sleep(within);
  if (await passes(flow)) problems.push("a ruleset that does not load opened the port");
  put(written);
  if (!(await waitForFlow(flow, within))) problems.push("the flow does not pass after the rules were put back");
  if (pids() !== before.pids) problems.push("a container was restarted");
  if ((await stableMember(members))?.name !== before.active) problems.push("another member became active");
  return { problems, measured: `closed ${seconds} s after the ConfigMap changed` };
}

/** Whether it passes in any address family. */
async function passes(flow: ConcreteFlow): Promise<boolean> {
  return (await flow.from.agent.probe(flow.targets, 400)).some((answer) => answer.ok);
}
