import type { Verdict } from "./claims.ts";
import { matrixOf } from "./matrix.ts";
import { pool } from "./shell.ts";
import type { World } from "./world.ts";

/** Names that each resolver of the example knows, by the party's `namespace/name` or `host:name`. */
function resolversOf(world: World): Map<string, Readonly<Record<string, string>>> {
  const { extraPods, hosts } = world.expectations;
  const named = [
    ...extraPods.map((pod) => [`${pod.namespace}/${pod.name}`, pod.names] as const),
    ...hosts.map((host) => [`host:${host.name}`, host.names] as const),
  ];
  return new Map(named.flatMap(([id, names]) => (names ? [[id, names] as const] : [])));
}

/** A name is resolved by whoever may ask the resolver, and by nobody else: real questions, the real answer compared. */
export async function resolveNames(world: World): Promise<Verdict> {
  const resolvers = resolversOf(world);
  const asked = matrixOf(world).filter(
    ({ to, target }) => target.protocol === "udp" && target.port === 53 && resolvers.has(to.id),
  );
  const problems = await pool(asked, 16, async ({ from, to, target, flow }) => {
    const [[name, address] = ["", ""]] = Object.entries(resolvers.get(to.id) ?? {});
    const answer = await from.agent.resolve(target.address, name, flow ? 3000 : 700);
    const spelt = `${from.name}: ${name} asked of ${to.name} (${target.address})`;
    if (flow) return answer === address ? [] : [`${spelt}: ${answer || "no answer"}`];
    return answer === "" ? [] : [`${spelt}: answered, and must not be`];
  });
  const answered = asked.filter((probe) => probe.flow).length;
  return { problems: problems.flat(), measured: `${answered} answered, ${asked.length - answered} not` };
}
