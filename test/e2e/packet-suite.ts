import { join } from "node:path";
import { checkBorders } from "./border-checks.ts";
import type { Claim, Verdict } from "./claims.ts";
import { makeClaims } from "./claims.ts";
import { exampleFlows } from "./example-flows.ts";
import type { Expectations } from "./expectations.ts";
import { checkFailClosed } from "./fail-closed.ts";
import { projectRoot } from "./ground.ts";
import { type ManifestSet, patchedWorkloads, readCluster } from "./manifests.ts";
import { crossesNetworks, matrixOf, runMatrix, spell } from "./matrix.ts";
import { modelVerdict } from "./model-verdicts.ts";
import { resolveNames } from "./name-checks.ts";
import { checkPair } from "./pair-checks.ts";
import { checkReload } from "./reload-check.ts";
import { replySameWay } from "./reply-checks.ts";
import { settle } from "./settle.ts";
import { checkTunnel } from "./tunnel-checks.ts";
import { type Ground, makeWorld, type World, withoutMultiPolicy } from "./world.ts";

/** Reads the manifests of an example: what was written, and the workloads with their patches. */
export async function readSet(bin: string, expectations: Expectations): Promise<ManifestSet> {
  const out = join(projectRoot, expectations.out);
  const objects = readCluster(out);
  if (objects.length === 0) throw new Error(`${out} holds no manifests: compile the example first`);
  const folder = join(projectRoot, expectations.workloads);
  const workloads = await patchedWorkloads(join(bin, "kustomize"), folder, out, expectations.workloadNamespaces);
  return { objects, workloads };
}

/** Holds the model's verdict against what packets do: what must pass and what must not has just been seen to be so. */
async function modelAgrees(world: World): Promise<Verdict> {
  const says = modelVerdict(exampleFlows(world.expectations), world.expectations);
  const judged = matrixOf(world).flatMap((probe) => {
    const verdict = says(probe);
    return verdict === undefined ? [] : [{ probe, verdict }];
  });
  const wrong = judged.filter(({ probe, verdict }) => verdict !== (probe.flow !== undefined));
  const open = judged.filter(({ verdict }) => verdict).length;
  return {
    problems: wrong.map(({ probe, verdict }) => `the model says ${verdict ? "open" : "closed"}: ${spell(probe)}`),
    measured: `${open} open, ${judged.length - open} closed`,
  };
}

/** Every packet claim of one example. */
export async function packetSuite(
  ground: Ground,
  expectations: Expectations,
  print: (line: string) => void,
): Promise<readonly Claim[]> {
  const claims = makeClaims("packets", `${expectations.example} · ${expectations.cluster}`, print);
  const set = await readSet(ground.bin, expectations);
  const world = await makeWorld(ground, set, expectations);
  claims.add("every pod starts and every gateway becomes ready", world.troubles, `${world.pods.length} pods`);
  await settle(world);
  await claims.check("exactly the intended packets pass", async () => {
    const result = await runMatrix(world);
    return { problems: result.violations, measured: `${result.allowed} pass, ${result.denied} do not` };
  });
  if (expectations.project !== undefined)
    await claims.check("the reachability model says of every probe what the packets do", () => modelAgrees(world));
  await claims.check("requests and replies keep to the secondary networks", () => replySameWay(world));
  await claims.check("names resolve where the intents say so, and nowhere else", () => resolveNames(world));
  await checkBorders(world, claims);
  for (const pair of expectations.pairs) {
    await checkPair(world, pair, claims);
    if (pair.reloads) await checkReload(world, pair, claims);
  }
  for (const tunnel of expectations.tunnels) await checkTunnel(world, tunnel, claims);
  if (expectations.pairs.length + expectations.tunnels.length > 0) {
    await claims.check("exactly the intended packets pass after all that was broken and mended", async () => {
      await settle(world, 20_000);
      const result = await runMatrix(world);
      return { problems: result.violations, measured: `${result.allowed} pass, ${result.denied} do not` };
    });
  }
  await claims.check("without a MultiNetworkPolicy controller every border still holds", async () => {
    await withoutMultiPolicy(world);
    const result = await runMatrix(world, crossesNetworks);
    return { problems: result.violations, measured: `${result.allowed} pass, ${result.denied} do not` };
  });
  await world.down();
  for (const pair of expectations.pairs) await checkFailClosed(ground, set, expectations, pair, claims);
  return claims.list;
}
