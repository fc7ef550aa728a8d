import { expect, test } from "vitest";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { equivalents, mutated, mutations } from "./mutations.ts";
import { readFolder } from "./read-folder.ts";

const inputs = exampleInputs();
const known = knownOf(inputs).get("east") as ClusterKnowledge;
const written = clusterFiles(readFolder(ROOT, "out/east"), "east");
const score = { noticed: 0, missed: [] as string[] };

test("the example as it is written is proved", () => {
  expect(verifyCluster(known, written, inputs.workloads).diagnostics.map((one) => one.message)).toEqual([]);
});

for (const mutation of mutations)
  test(`noticed: ${mutation.name}`, () => {
    const files = mutated(written, mutation);
    expect(files, "it changes something").toBeDefined();
    const { diagnostics } = verifyCluster(known, files ?? [], inputs.workloads);
    if (diagnostics.length > 0) score.noticed++;
    else score.missed.push(mutation.name);
    expect(diagnostics.length).toBeGreaterThan(0);
  });

for (const mutation of equivalents)
  test(`the same packets get through: ${mutation.name}`, () => {
    const files = mutated(written, mutation);
    expect(files, "it changes something").toBeDefined();
    expect(verifyCluster(known, files ?? [], inputs.workloads).diagnostics).toEqual([]);
  });

test("the score", () => {
  console.log(
    `mutations noticed: ${score.noticed} of ${mutations.length}${score.missed.map((one) => `\n  missed: ${one}`)}`,
  );
  expect(score.missed).toEqual([]);
  expect(new Set(mutations.map((one) => one.name)).size).toBe(mutations.length);
});
