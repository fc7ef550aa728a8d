import { expect, test } from "vitest";
import { type Known, verifyCluster } from "../../src/verify.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";
import { applied, type ScalarMutation, scalarMutations } from "./scalar-mutations.ts";
import { unjudged } from "./unjudged-scalars.ts";

const inputs = exampleInputs();
const known = knownOf(inputs).get("east") as Known;
const written = clusterFiles(readFolder(ROOT, "out/east"), "east");

/** `npm run test:scalars` tries every one; else a sample that is the same in every run. */
const STEP = process.env.SCALARS === "all" ? 1 : 23;

function notices(mutation: ScalarMutation): boolean {
  return verifyCluster(known, applied(written, mutation), inputs.workloads).diagnostics.length > 0;
}

test("every scalar of the example's output that decides about packets is held", { timeout: 1_800_000 }, () => {
  const all = scalarMutations(written);
  const judged = all.filter((one) => unjudged(one) === undefined);
  const tried = judged.filter((_, index) => index % STEP === 0);
  const missed = tried.filter((one) => !notices(one));
  const share = `${tried.length - missed.length} of ${tried.length} tried`;
  console.log(
    `scalars noticed: ${share}; ${judged.length} must be, ${all.length - judged.length} are in classes that need not`,
  );
  expect(missed.map(({ file, line, text, from, to }) => `${file}:${line} ${from} -> ${to}: ${text}`)).toEqual([]);
});
