import { createHash } from "node:crypto";
import { join } from "node:path";
import { runInside } from "./children.ts";
import { type Claim, makeClaims } from "./claims.ts";
import { readExpectations } from "./expectations.ts";
import { projectRoot } from "./ground.ts";
import { readCluster } from "./manifests.ts";
import { mutationsOf } from "./mutations.ts";

/** What became of one mutation. */
export interface MutationResult {
  readonly index: number;
  readonly name: string;
  /** The first thing that failed; empty: it was not caught. */
  readonly found: string;
  /** Whether the example had something to mutate. */
  readonly target: boolean;
  readonly seconds: number;
}

export interface MutationScore {
  readonly claims: readonly Claim[];
  readonly results: readonly MutationResult[];
}

/** At least this many mutations must have been tried and caught in a whole run. */
const least = 30;

/**
 * Which mutations each worker makes; -1, the run without any, comes first and last in each: a machine that is too slow for
 * the quick run would "catch" everything. At most `count` of them: which ones is
 * decided by a hash over the manifests, so that the same manifests get the same ones, and a change of them gets others.
 * `like` is a part of the names wanted.
 */
export function mutationShares(
  file: string,
  workers: number,
  { count, like }: { readonly count: number; readonly like: string },
): number[][] {
  const expectations = readExpectations(file);
  const manifests = JSON.stringify(readCluster(join(projectRoot, expectations.out)));
  const rank = (name: string) => createHash("sha256").update(`${name}\n${manifests}`).digest("hex");
  const chosen = mutationsOf(expectations)
    .map(({ name }, index) => ({ name, index, rank: rank(name) }))
    .filter(({ name }) => name.includes(like))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ index }) => index)
    .sort((a, b) => a - b);
  const lanes = Math.min(workers, Math.max(1, chosen.length));
  return Array.from({ length: lanes }, (_, w) => [-1, ...chosen.filter((_, place) => place % lanes === w), -1]);
}

/** Judges the results of all workers. */
export function scoreOf(
  file: string,
  shares: readonly (readonly number[])[],
  results: readonly MutationResult[],
  print: (line: string) => void,
): MutationScore {
  const expectations = readExpectations(file);
  const claims = makeClaims("mutations", `${expectations.example} · ${expectations.cluster}`, print);
  const baseline = results.filter((result) => result.index < 0);
  claims.add("the quick run passes on the manifests as written", baseline.map((r) => r.found).filter(Boolean));
  const tried = results.filter((result) => result.index >= 0 && result.target).sort((a, b) => a.index - b.index);
  const missed = tried.filter((result) => result.found === "");
  const problems = missed.map((result) => `not caught: ${result.name}`);
  const without = results.filter((result) => result.index >= 0 && !result.target);
  problems.push(...without.map((result) => `nothing to change for: ${result.name}`));
  const all = mutationsOf(expectations).length;
  const wanted = Math.min(least, new Set(shares.flat()).size - 1) || 1;
  if (tried.length < wanted || all < least)
    problems.push(`only ${tried.length} of ${all} mutations found something to change; ${least} are wanted`);
  const missing = shares.flat().length - results.length;
  if (missing > 0) problems.push(`${missing} mutations were not run: a worker ended early`);
  claims.add(
    "every mutation is caught",
    problems,
    `${tried.length} of ${tried.length}${tried.length < all ? `, chosen from ${all}` : ""}`,
  );
  return { claims: claims.list, results: tried };
}

/** Makes a share of the mutations in a worker with namespaces and an API server of its own. */
export async function workShare(
  bin: string,
  folder: string,
  prefix: string,
  file: string,
  share: readonly number[],
  print: (line: string) => void,
): Promise<MutationResult[]> {
  const results: MutationResult[] = [];
  await runInside("mutation-worker.ts", [bin, folder, prefix, file, share.join()], (line) => {
    if (!line.startsWith('{"index"')) return;
    const result = JSON.parse(line) as MutationResult;
    results.push(result);
    const verdict = result.target ? (result.found === "" ? "passed  " : "caught  ") : "no target";
    print(
      `     ${verdict} ${result.name || "(nothing mutated)"} (${result.seconds.toFixed(0)} s): ${(result.found ?? "").split("\n")[0]}`,
    );
  });
  return results;
}
