import { expect, test } from "vitest";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";
import { applied, type ScalarMutation, scalarMutations } from "./scalar-mutations.ts";
import { unjudged } from "./unjudged-scalars.ts";

const inputs = exampleInputs();
const known = knownOf(inputs).get("east") as ClusterKnowledge;
const written = clusterFiles(readFolder(ROOT, "out/east"), "east");

/** `npm run test:scalars` tries every one; else a sample that is the same in every run. */
const whole = process.env.SCALARS === "all";
const STEP = whole ? 1 : 45;

function notices(mutation: ScalarMutation): boolean {
  return verifyCluster(known, applied(written, mutation), inputs.workloads).diagnostics.length > 0;
}

test("every scalar of the example's output that decides about packets is held", { timeout: 1_800_000 }, () => {
  const all = scalarMutations(written);
  const classes = new Map<string, ScalarMutation[]>();
  const judged: ScalarMutation[] = [];
  for (const one of all) {
    const why = unjudged(one);
    if (why === undefined) judged.push(one);
    else classes.set(why, [...(classes.get(why) ?? []), one]);
  }
  const tried = judged.filter((_, index) => index % STEP === 0);
  const missed = tried.filter((one) => !notices(one));
  const share = `${tried.length - missed.length} of ${tried.length} tried`;
  console.log(
    `scalars noticed: ${share}; ${judged.length} must be, ${all.length - judged.length} are in classes that need not`,
  );
  if (whole) tellOf(classes);
  expect(missed.map(({ file, line, text, from, to }) => `${file}:${line} ${from} -> ${to}: ${text}`)).toEqual([]);
});

/** How many are in each class. What verify notices has no business there: then the class says too little. */
function tellOf(classes: ReadonlyMap<string, readonly ScalarMutation[]>): void {
  const noticed = [...classes].flatMap(([why, list]) => list.filter(notices).map((one) => ({ why, ...one })));
  console.log([...classes].map(([why, list]) => `${list.length} ${why}`).join("\n"));
  expect(
    noticed.map(({ why, file, line, from, to, text }) => `${file}:${line} ${from} -> ${to}: ${text} (${why})`),
  ).toEqual([]);
}
