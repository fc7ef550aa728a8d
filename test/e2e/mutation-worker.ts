import { bindUsers, checkAdmission } from "./admission.ts";
import { applyAll, ensureNamespaces } from "./api-objects.ts";
import { checkBorders } from "./border-checks.ts";
import { makeClaims } from "./claims.ts";
import { type Expectations, readExpectations } from "./expectations.ts";
import { makeGround } from "./ground.ts";
import type { ManifestSet } from "./manifests.ts";
import { crossesNetworks, runMatrix } from "./matrix.ts";
import { type Mutation, mutationsOf } from "./mutations.ts";
import { readSet } from "./packet-suite.ts";
import { activeMember } from "./pair-checks.ts";
import { settle } from "./settle.ts";
import { checkTunnel } from "./tunnel-checks.ts";
import { type Ground, makeWorld, type World, withoutMultiPolicy } from "./world.ts";

/**
 * Runs some of an example's mutations, each in a world of its own, and prints a JSON line for each: its name and the first
 * thing that failed (an empty text: nothing did, and the mutation was not caught).
 */
async function main(): Promise<void> {
  const [bin = "", folder = "", prefix = "", file = "", indices = ""] = process.argv.slice(2);
  const expectations = readExpectations(file);
  const ground = await makeGround(bin, folder, prefix);
  const set = await readSet(bin, expectations);
  const mutations = mutationsOf(expectations);
  for (const index of indices.split(",").map(Number)) {
    // -1 stands for no mutation at all: the same quick run must pass then.
    const mutation = index < 0 ? { name: "", edit: () => set } : (mutations[index] as Mutation);
    const began = performance.now();
    const mutated = mutation.edit(set);
    const tried = () => firstFailure(ground, mutated as ManifestSet, expectations, mutation).catch(wordsOf);
    let found = mutated ? await tried() : undefined;
    // What the machine did is not what the mutation did.
    if (found && ofTheMachine.test(found)) found = await tried();
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(
      `${JSON.stringify({ index, name: mutation.name, found, target: mutated !== undefined, seconds })}\n`,
    );
  }
  ground.server.stop();
}

/** Words of a machine that is too slow or out of something. */
const ofTheMachine = /deadline exceeded|ECONNREFUSED|ECONNRESET|socket hang up|EMFILE|ENOMEM|ENOSPC/;

function wordsOf(error: Error): string {
  return error.message;
}

/** The quick run: pods start, pairs settle, exactly one member is active, the matrix; then what the mutation needs. */
async function firstFailure(
  ground: Ground,
  set: ManifestSet,
  expectations: Expectations,
  mutation: Mutation,
): Promise<string> {
  if (mutation.needs === "admission") return guardFailure(ground, set, expectations);
  const world = await makeWorld(ground, set, expectations, { readyWithin: 9000 });
  try {
    if (world.troubles[0]) return world.troubles[0];
    if (!(await settle(world, 9000))) return "a pair's flow does not pass";
    const elected = await electionFailure(world);
    if (elected) return elected;
    const claims = makeClaims("", "", () => {});
    if (mutation.needs === "borders") await checkBorders(world, claims);
    if (mutation.needs === "tunnel") for (const t of expectations.tunnels) await checkTunnel(world, t, claims);
    const failed = claims.list.find((claim) => !claim.ok);
    if (failed) return `${failed.claim}: ${failed.detail}`;
    const whole = await runMatrix(world);
    if (whole.violations[0]) return whole.violations[0];
    // A member that hears nobody takes the address some seconds after the other one did.
    const later = await electionFailure(world);
    if (later) return later;
    await withoutMultiPolicy(world);
    return (await runMatrix(world, crossesNetworks)).violations[0] ?? "";
  } finally {
    await world.down();
  }
}

/** Every pair has its members, and exactly one of them holds the virtual addresses. */
async function electionFailure(world: World): Promise<string> {
  for (const pair of world.expectations.pairs) {
    const members = world.pods.filter((p) => p.namespace === pair.namespace && pair.members.includes(p.workload));
    if (members.length !== pair.members.length) return `pair ${pair.name} has ${members.length} members`;
    if (members.length > 1 && !(await activeMember(members)))
      return `pair ${pair.name}: not exactly one member is active`;
  }
  return "";
}

async function guardFailure(ground: Ground, set: ManifestSet, expectations: Expectations): Promise<string> {
  const claims = makeClaims("", "", () => {});
  const applier = await bindUsers(ground.api, expectations.admission?.applier ?? "");
  await ensureNamespaces(ground.api, [...set.objects, ...set.workloads]);
  const outside = { name: expectations.admission?.outsideNamespace ?? "default" };
  await ground.api.apply({ apiVersion: "v1", kind: "Namespace", metadata: outside });
  const applied = await applyAll(ground.api, set.objects, applier);
  await checkAdmission(ground.api, set.objects, set.workloads, expectations, applier, claims);
  const guards = set.objects.filter((object) => /^Validating/.test(object.kind)).reverse();
  for (const guard of guards) await ground.api.remove(guard);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const failed = claims.list.find((claim) => !claim.ok);
  return applied.problems[0] ?? failed?.detail.split("\n")[0] ?? "";
}

await main();
process.exit(0);
