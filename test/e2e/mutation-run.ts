import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Claim, makeClaims } from "./claims.ts";
import { readExpectations } from "./expectations.ts";
import { projectRoot } from "./ground.ts";
import { mutationsOf } from "./mutations.ts";
import type { Ground } from "./world.ts";

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

/** Runs all mutations of an example in workers, each with namespaces and an API server of its own. */
export async function runMutations(
  ground: Ground,
  file: string,
  workers: number,
  print: (line: string) => void,
): Promise<MutationScore> {
  const expectations = readExpectations(file);
  const claims = makeClaims("mutations", `${expectations.example} · ${expectations.cluster}`, print);
  const indices = mutationsOf(expectations).map((_, index) => index);
  const shares = Array.from({ length: workers }, (_, w) => [-1, ...indices.filter((index) => index % workers === w)]);
  const results = (
    await Promise.all(shares.map((share, worker) => work(ground, file, share, `${ground.prefix}w${worker}`, print)))
  ).flat();
  const baseline = results.filter((result) => result.index < 0);
  claims.add("the quick run passes on the manifests as written", baseline.map((r) => r.found).filter(Boolean));
  const tried = results.filter((result) => result.index >= 0 && result.target).sort((a, b) => a.index - b.index);
  const missed = tried.filter((result) => result.found === "");
  const problems = missed.map((result) => `not caught: ${result.name}`);
  if (tried.length < least)
    problems.push(`only ${tried.length} mutations found something to change; ${least} are wanted`);
  const missing = indices.length + workers - results.length;
  if (missing > 0) problems.push(`${missing} mutations were not run: a worker ended early`);
  claims.add("every mutation is caught", problems, `${tried.length} of ${tried.length}`);
  return { claims: claims.list, results: tried };
}

async function work(
  ground: Ground,
  file: string,
  share: readonly number[],
  prefix: string,
  print: (line: string) => void,
): Promise<MutationResult[]> {
  const here = dirname(fileURLToPath(import.meta.url));
  const tsx = join(projectRoot, "node_modules/.bin/tsx");
  const folder = join(ground.folder, prefix);
  const args = [
    join(here, "enter.sh"),
    tsx,
    join(here, "mutation-worker.ts"),
    ground.bin,
    folder,
    prefix,
    file,
    share.join(),
  ];
  const child = spawn("bash", args, { stdio: ["ignore", "pipe", "inherit"] });
  const results: MutationResult[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    if (!line.startsWith("{")) return;
    const result = JSON.parse(line) as MutationResult;
    results.push(result);
    const verdict = result.target ? (result.found === "" ? "passed  " : "caught  ") : "no target";
    print(
      `     ${verdict} ${result.name || "(nothing mutated)"} (${result.seconds.toFixed(0)} s): ${(result.found ?? "").split("\n")[0]}`,
    );
  });
  await new Promise((resolve) => child.on("close", resolve));
  return results;
}
