import { runInside } from "./children.ts";
import { type Claim, makeClaims } from "./claims.ts";
import { readExpectations } from "./expectations.ts";
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

/** At least this many mutations must have been tried and caught. */
const least = 30;

/** Which mutations each worker makes; -1, the run without any, comes first in each. */
export function mutationShares(file: string, workers: number): number[][] {
  const indices = mutationsOf(readExpectations(file)).map((_, index) => index);
  return Array.from({ length: workers }, (_, w) => [-1, ...indices.filter((index) => index % workers === w)]);
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
  if (tried.length < least)
    problems.push(`only ${tried.length} mutations found something to change; ${least} are wanted`);
  const missing = shares.flat().length - results.length;
  if (missing > 0) problems.push(`${missing} mutations were not run: a worker ended early`);
  claims.add("every mutation is caught", problems, `${tried.length} of ${tried.length}`);
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
