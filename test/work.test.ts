import { expect, test } from "vitest";
import { estateTexts } from "../bench/estate.ts";
import { projectTexts } from "../bench/project.ts";
import { wovenTexts } from "../bench/woven.ts";
import type { Inputs } from "../src/ir/compiled.ts";
import { counted } from "./counted.ts";

/** An estate of so many intents, in memory. */
const estate = (count: number) => inputsOf(projectTexts(count, "mixed"));

function inputsOf(project: ReadonlyMap<string, string>): Inputs {
  const texts = [...project].map(([path, text]) => ({ path, text }));
  const below = (folder: string) => texts.filter((file) => file.path.startsWith(folder));
  return {
    project: texts.find((file) => file.path === "plumbline.yaml") as (typeof texts)[number],
    intents: below("intents/"),
    workloads: below("workloads/").map((file) => ({ file, namespace: undefined })),
    lock: undefined,
    templates: [],
  };
}

// What is counted is imported after test/counted.ts.
const { compile } = await import("../src/compile.ts");
const { verifyCluster } = await import("../src/verify/verify-cluster.ts");
const { kinds } = await import("../src/kinds/index.ts");
const { collectExpectations } = await import("../src/kinds/expects.ts");
const { buildGraph } = await import("../src/graph/build-graph.ts");
const { listConnections } = await import("../src/verify/report/connections.ts");
const { buildTable } = await import("../src/verify/report/table.ts");
const { buildExpectedIndex } = await import("../src/verify/expected/expected-index.ts");
const { compareVersions } = await import("../src/answers/compare-versions.ts");
const { buildVersion } = await import("../src/answers/project-version.ts");
const { readBlockYaml } = await import("../src/yaml/read-block-yaml.ts");

const compiled = (count: number) => {
  const inputs = estate(count);
  return counted(() => {
    const { diagnostics, plans, instances } = compile(inputs);
    expect(diagnostics.filter((one) => one.severity === "error")).toEqual([]);
    for (const plan of plans) {
      const { nodes } = buildGraph(plan, collectExpectations(plan, instances.get(plan.cluster.name) ?? []).devices);
      expect(nodes.length).toBeGreaterThan(count / 3);
    }
  });
};

test("ten times the intents are ten times the work, in every function", () => {
  const [small, large] = [compiled(200), compiled(2_000)];
  const total = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, one) => sum + one, 0);
  expect(small.size).toBeGreaterThan(500);
  // What sorts grows by a little more than what it sorts; and what is rare at first may grow by chance.
  const steep = [...large]
    .filter(([key, count]) => count > 50_000 && count > 16 * (small.get(key) ?? 0))
    .map(([key, count]) => `${key}: ${small.get(key) ?? 0} -> ${count}`);
  expect(steep).toEqual([]);
  expect(total(large) / total(small)).toBeLessThanOrEqual(10.5);
}, 300_000);

/** How much verify does for so many zones of the same pods, every two of them with a firewall between them. */
function verified(zones: number): ReadonlyMap<string, number> {
  const inputs = inputsOf(estateTexts(zones, 1_000));
  const { plans, instances, files } = compile(inputs, { skipVerify: true });
  const [plan] = plans;
  if (!plan) throw new Error("the estate does not compile");
  const written = files.map(({ path, text }) => ({ path: `out/${path}`, text }));
  return counted(() => {
    const known = { plan, instances: instances.get("main") ?? [] };
    const { diagnostics, flows, expected } = verifyCluster(known, written, inputs.workloads);
    expect(diagnostics.filter((one) => one.severity === "error")).toEqual([]);
    expect(buildTable(listConnections(flows, buildExpectedIndex(expected)), { by: "party" })).toHaveLength(3.5 * zones);
  });
}

test("four times the zones of as many pods are at most four times the work of verify, in every function", () => {
  const [small, large] = [verified(50), verified(200)];
  const total = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, one) => sum + one, 0);
  const steep = [...large]
    // Of some functions V8 tells nothing at one of the times: those are in the sum alone.
    .filter(([key, count]) => count > 10_000 && (small.get(key) ?? 0) > 0 && count > 6 * (small.get(key) ?? 0))
    .map(([key, count]) => `${key}: ${small.get(key) ?? 0} -> ${count}`);
  expect(steep).toEqual([]);
  expect(total(large) / total(small)).toBeLessThanOrEqual(4.2);
}, 300_000);

test("an estate that uses every kind at once is four times the work when it is four times as large, in every function", () => {
  const used = new Set([...wovenTexts(150).values()].flatMap((text) => /^kind: (\w+)$/m.exec(text)?.[1] ?? []));
  expect(kinds.map((kind) => kind.name).filter((name) => !used.has(name))).toEqual([]);
  const work = (count: number) => {
    const inputs = inputsOf(wovenTexts(count));
    let listed = 0;
    const counts = counted(() => {
      listed = searched(() => {
        expect(compile(inputs).diagnostics.filter((one) => one.severity === "error")).toEqual([]);
      });
    });
    return { counts, listed };
  };
  const [small, large] = [work(150), work(600)];
  const steep = [...large.counts]
    // Of some functions V8 tells nothing at one of the times.
    .filter(([, count]) => count > 1_500)
    .map(([key, count]) => [key, small.counts.get(key) ?? 0, count] as const)
    .filter(([, before, count]) => before > 20 && count > 6 * before)
    .map(([key, before, count]) => `${key}: ${before} -> ${count}`);
  expect(steep).toEqual([]);
  expect(large.listed / small.listed).toBeLessThanOrEqual(6);
}, 300_000);

/** How much comparing two sides of so many intents does, where nothing differs. */
function comparedWith(count: number): ReadonlyMap<string, number> {
  const inputs = inputsOf(wovenTexts(count));
  const compiled = compile(inputs, { skipVerify: true });
  const { project } = compiled;
  if (!project) throw new Error("the estate does not compile");
  const names = project.clusters.map((cluster) => cluster.name);
  return counted(() => {
    const [before, after] = [1, 2].map(() => buildVersion({ project, inputs, compiled }, names));
    for (const name of names) {
      const { difference, unread } = compareVersions(before?.get(name), after?.get(name));
      expect([unread, difference.objects, difference.connections]).toEqual([[], [], []]);
    }
  });
}

test("comparing two sides is four times the work when they are four times as large, and reads no intent again", () => {
  const [small, large] = [comparedWith(150), comparedWith(600)];
  const steep = [...large]
    // Of some functions V8 tells nothing at one of the times.
    .filter(([, count]) => count > 1_500)
    .map(([key, count]) => [key, small.get(key) ?? 0, count] as const)
    .filter(([, before, count]) => before > 20 && count > 6 * before)
    .map(([key, before, count]) => `${key}: ${before} -> ${count}`);
  expect(steep).toEqual([]);
  // The line of an intent stands beside what has changed, and here nothing has.
  expect([...large.keys()].filter((key) => key.includes("yaml/compose-manifests.ts"))).toEqual([]);
}, 300_000);

/** How many elements the built-ins that search or copy a list go through at most: V8 counts nothing within them. */
function searched(work: () => void): number {
  let elements = 0;
  const names = ["includes", "indexOf", "concat"] as const;
  const before = names.map((name) => Array.prototype[name]);
  for (const [index, name] of names.entries()) {
    const own = before[index] as (...values: unknown[]) => unknown;
    Object.defineProperty(Array.prototype, name, {
      configurable: true,
      writable: true,
      value(this: unknown[], ...values: unknown[]) {
        elements += this.length;
        return own.apply(this, values);
      },
    });
  }
  try {
    work();
  } finally {
    for (const [index, name] of names.entries())
      Object.defineProperty(Array.prototype, name, { configurable: true, writable: true, value: before[index] });
  }
  return elements;
}

test("each file is parsed once: what is read, and what is written", () => {
  const inputs = estate(200);
  const files = [inputs.project, ...inputs.intents, ...inputs.workloads.map((one) => one.file)];
  let written = 0;
  const counts = counted(() => {
    written = compile(inputs).files.filter((file) => file.path.endsWith(".yaml")).length;
  });
  const [parses = 0] = [...counts].filter(([key]) => / readBlockYaml /.test(key)).map(([, count]) => count);
  expect(parses).toBeGreaterThanOrEqual(files.length + written);
  // Patches stand as texts in texts, and are parsed too.
  const patches = inputs.workloads.length;
  expect(parses).toBeLessThanOrEqual(files.length + written + patches + 10);
});

test("a loop in a loop is noticed", () => {
  const steep = (count: number) =>
    counted(() => {
      for (let at = 0; at < count; at++) readBlockYaml("a: 1\n".replace("a", "a".repeat(at + 1)));
    });
  const [small, large] = [steep(20), steep(200)].map((counts) =>
    [...counts].filter(([key]) => key.includes("readPlain")).reduce((sum, [, one]) => sum + one, 0),
  ) as [number, number];
  expect(large / small).toBeGreaterThan(16);
});
