import type { Claims, Verdict } from "./claims.ts";
import type { Expectations, PairExpectation } from "./expectations.ts";
import type { ManifestSet } from "./manifests.ts";
import { extraAddresses } from "./pair-checks.ts";
import { flowOf } from "./settle.ts";
import { sleep } from "./shell.ts";
import { type Ground, makeWorld, type WorldOptions } from "./world.ts";

/** A pair whose rules do not load, or that has not started yet, never forwards and never holds the address. */
export async function checkFailClosed(
  ground: Ground,
  set: ManifestSet,
  expectations: Expectations,
  pair: PairExpectation,
  claims: Claims,
): Promise<void> {
  await claims.check(`pair ${pair.name}: before its containers run nothing passes`, () =>
    closed(ground, set, expectations, pair, { withoutContainers: (plan) => plan.namespace === pair.namespace }, 500),
  );
  await claims.check(`pair ${pair.name}: with rules that do not load nothing passes`, () =>
    closed(ground, withBrokenRules(set, pair), expectations, pair, { readyWithin: 1000 }, 7000),
  );
}

/** The ruleset with a line that nft refuses. */
function withBrokenRules(set: ManifestSet, pair: PairExpectation): ManifestSet {
  let found = false;
  const objects = set.objects.map((object) => {
    const data = object.data as Record<string, string> | undefined;
    const wanted = object.kind === "ConfigMap" && object.metadata.namespace === pair.namespace;
    if (!wanted || object.metadata.name !== pair.rules.configMap || data?.[pair.rules.key] === undefined) return object;
    found = true;
    return { ...object, data: { ...data, [pair.rules.key]: `${data[pair.rules.key]}\nthis is no rule\n` } };
  });
  if (!found) throw new Error(`no ConfigMap ${pair.namespace}/${pair.rules.configMap} with ${pair.rules.key}`);
  return { ...set, objects };
}

async function closed(
  ground: Ground,
  set: ManifestSet,
  expectations: Expectations,
  pair: PairExpectation,
  options: WorldOptions,
  wait: number,
): Promise<Verdict> {
  const world = await makeWorld(ground, set, expectations, { readyWithin: 1000, ...options });
  try {
    await sleep(wait);
    const flow = flowOf(world, pair.flow);
    const answers = await flow.from.agent.probe(flow.targets, 1000);
    const problems = answers.flatMap((answer, i) => (answer.ok ? [`${flow.targets[i]?.address} answers`] : []));
    for (const pod of world.pods.filter((p) => p.namespace === pair.namespace && pair.members.includes(p.workload))) {
      const held = await extraAddresses(pod);
      if (held.length > 0) problems.push(`${pod.name} holds ${held.join(", ")}`);
    }
    return { problems };
  } finally {
    await world.down();
  }
}
