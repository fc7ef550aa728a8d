import { readdirSync } from "node:fs";
import { join } from "node:path";
import { apiSuite, casesSuite } from "./api-suite.ts";
import type { Claim } from "./claims.ts";
import { readExpectations } from "./expectations.ts";
import { makeGround, projectRoot } from "./ground.ts";
import { type MutationScore, runMutations } from "./mutation-run.ts";
import { packetSuite } from "./packet-suite.ts";
import { versionsOf, writeReport } from "./report.ts";

/** What the command line asks for. */
interface Wanted {
  readonly parts: readonly string[];
  readonly examples: string;
  readonly whole: boolean;
}

function wantedOf(args: readonly string[]): Wanted {
  const value = (name: string) => args[args.indexOf(name) + 1];
  const only = args.includes("--only") ? [String(value("--only"))] : [];
  const examples = args.includes("--example") ? String(value("--example")) : "";
  return {
    parts: only.length > 0 ? only : ["api", "packets", "mutations"],
    examples,
    whole: only.length === 0 && examples === "",
  };
}

/** Runs every part and returns the exit code. The last line says how much passed and how much failed. */
async function main(): Promise<number> {
  const [bin = "", folder = "", prefix = "", ...rest] = process.argv.slice(2);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const wanted = wantedOf(rest);
  const began = performance.now();
  const ground = await makeGround(bin, folder, prefix);
  const folderOf = join(projectRoot, "test/e2e/expectations");
  const files = readdirSync(folderOf)
    .filter((file) => file.endsWith(".yaml") && file.startsWith(wanted.examples))
    .sort()
    .map((file) => join(folderOf, file));
  const claims: Claim[] = [];
  let score: MutationScore | undefined;
  if (wanted.parts.includes("api")) {
    claims.push(...(await casesSuite(ground, print)));
    for (const file of files) claims.push(...(await apiSuite(ground, readExpectations(file), print)));
  }
  if (wanted.parts.includes("packets")) {
    for (const file of files) claims.push(...(await packetSuite(ground, readExpectations(file), print)));
  }
  const [mutated] = files.filter((file) => readExpectations(file).mutate);
  if (wanted.parts.includes("mutations") && mutated) {
    score = await runMutations(ground, mutated, 2, print);
    claims.push(...score.claims);
  }
  const versions = await versionsOf(bin, ground.server.readyAfter);
  const seconds = Math.round((performance.now() - began) / 1000);
  if (wanted.whole) writeReport(join(projectRoot, "docs/proof.md"), { claims, score, versions, seconds });
  ground.server.stop();
  const failed = claims.filter((claim) => !claim.ok).length;
  print(`${claims.length - failed} passed, ${failed} failed`);
  return failed === 0 && claims.length > 0 ? 0 : 1;
}

process.exit(await main());
