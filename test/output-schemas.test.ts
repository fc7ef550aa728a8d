import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { runProgram } from "../src/commands/program.ts";
import { outputSchemas } from "../src/commands/schema.ts";
import type { Schema } from "../src/schema/schema.ts";
import { CASES, caseNames, expectedOf, findingsOfCase } from "./cases-runner.ts";
import { core } from "./core.ts";
import { findingsOf } from "./page-findings.ts";
import { examplesOf } from "./page-project.ts";

const root = join(import.meta.dirname, "..");

async function ran(cwd: string, ...argv: string[]): Promise<{ readonly out: string; readonly err: string }> {
  let [out, err] = ["", ""];
  const io = {
    cwd,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  await runProgram(argv, io, { noColor: true });
  return { out, err };
}

/** A copy of a project with its output written; asked, and removed. */
async function inCopy<Answer>(project: string, ask: (folder: string) => Promise<Answer>): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-schemas-"));
  try {
    for (const part of ["plumbline.yaml", "plumbline.lock.yaml", "intents", "workloads"])
      if (existsSync(join(project, part))) cpSync(join(project, part), join(folder, part), { recursive: true });
    await ran(folder, "compile");
    return await ask(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As `plumbline schema NAME` prints it. */
async function validatorOf(name: string) {
  const { out } = await ran(root, "schema", name);
  return new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(out));
}

/** Projects that compile, with every kind and target. */
const projects = [
  root,
  join(root, "test/e2e/fixtures/twozone"),
  ...caseNames()
    .filter((name) => name.startsWith("kinds/"))
    .map((name) => join(CASES, name)),
].filter((path) => existsSync(join(path, "plumbline.yaml")));

/** Values of a schema that an output has had, by path: a key that no output has shows that a test sees too little. */
function missing(schema: Schema, values: readonly unknown[], path = ""): readonly string[] {
  const there = values.filter((one) => one !== undefined && one !== null);
  if (there.length === 0) return [path];
  const below = (of: (value: never) => readonly unknown[]) => there.flatMap((one) => of(one as never));
  const items = schema.items
    ? missing(
        schema.items,
        below((one: unknown) => (Array.isArray(one) ? one : [])),
        `${path}[]`,
      )
    : [];
  const free = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  const inMap = free
    ? missing(
        free,
        below((one: object) => Object.values(one)),
        `${path}.*`,
      )
    : [];
  const keys = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
    missing(
      inner,
      below((one: Record<string, unknown>) => [one[key]]),
      `${path}.${key}`,
    ),
  );
  return [...items, ...inMap, ...keys];
}

test("findings: every page's wrong example and every case", async () => {
  const validate = await validatorOf("findings");
  const subjects = [
    ...core.ruleCatalogue.flatMap(({ code, page }) => {
      const examples = examplesOf(page ?? "");
      return examples ? [[code, findingsOf(code, examples.wrong)] as const] : [];
    }),
    ...caseNames().map((name) => [name, findingsOfCase(name)] as const),
  ];
  const all: unknown[] = [];
  for (const [name, found] of subjects) {
    const value = JSON.parse(core.formatFindings("json", found, { colour: false, version: "0", folder: "shop/" }));
    expect(validate(value) ? [] : [name, validate.errors]).toEqual([]);
    all.push(value);
  }
  expect(missing(outputSchemas.get("Findings") as Schema, all)).toEqual([]);
}, 120_000);

test("the lock, for every case that compiles", async () => {
  const validate = await validatorOf("lock");
  const texts = caseNames().flatMap((name) => expectedOf(name).get("plumbline.lock.yaml") ?? []);
  texts.push(readFileSync(join(root, "plumbline.lock.yaml"), "utf8"));
  const values = texts.map((text) => parse(text));
  for (const value of values) expect(validate(value) ? [] : validate.errors).toEqual([]);
  expect(values.length).toBeGreaterThan(5);
  expect(validate({ version: 2, entries: {}, released: {} })).toBe(false);
});

const ASKED: readonly (readonly [string, readonly string[], number])[] = [
  ["verify", ["verify", "--format", "json"], 5],
  ["graph", ["graph", "--format", "json"], 5],
  ["diff", ["diff", "--format", "json"], 5],
];

for (const [name, argv, least] of ASKED)
  test(`${name}: every example project`, async () => {
    const validate = await validatorOf(name);
    let seen = 0;
    for (const project of projects) {
      const { out } = await inCopy(project, (folder) => ran(folder, ...argv));
      expect(validate(JSON.parse(out)) ? [] : [project, validate.errors]).toEqual([]);
      seen++;
    }
    expect(seen).toBeGreaterThanOrEqual(Math.min(least, projects.length));
  }, 120_000);

test("diff between targets has every part", async () => {
  const validate = await validatorOf("diff");
  const values: unknown[] = [];
  for (const targets of ["multus,kube-ovn", "kube-ovn,multus", "multus,gke"]) {
    const { out } = await ran(root, "diff", "--targets", targets, "--format", "json");
    values.push(JSON.parse(out));
    expect(validate(values.at(-1)) ? [] : validate.errors).toEqual([]);
  }
  const moved = await inCopy(root, async (folder) => {
    const intent = join(folder, "intents/zones/pci.yaml");
    writeFileSync(intent, readFileSync(intent, "utf8").replace("vlan: 110", "vlan: 111"));
    return ran(folder, "diff", "--format", "json");
  });
  values.push(JSON.parse(moved.out));
  expect(validate(values.at(-1)) ? [] : validate.errors).toEqual([]);
  const left = missing(outputSchemas.get("Diff") as Schema, values);
  expect(left.filter((path) => !path.startsWith(".*.guards"))).toEqual([]);
}, 120_000);

test("verify, where the intents are wrong, says so in the same shape", async () => {
  const validate = await validatorOf("verify");
  const folder = mkdtempSync(join(tmpdir(), "plumbline-schemas-"));
  writeFileSync(join(folder, "plumbline.yaml"), "kind: Project\n");
  const { out } = await ran(folder, "verify", "--format", "json");
  rmSync(folder, { recursive: true });
  const value = JSON.parse(out);
  expect(validate(value) ? [] : validate.errors).toEqual([]);
  expect(value.clusters).toEqual({});
  expect(value.findings.length).toBeGreaterThan(0);
});

test("compile, where files are written, where none changes and where the intents are wrong", async () => {
  const validate = await validatorOf("compile");
  const folder = mkdtempSync(join(tmpdir(), "plumbline-schemas-"));
  try {
    for (const part of ["plumbline.yaml", "plumbline.lock.yaml", "intents", "workloads"])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    const values: { readonly files: readonly unknown[]; readonly findings: readonly unknown[] }[] = [];
    for (const change of [
      () => {},
      () => {},
      () => writeFileSync(join(folder, "intents/wrong.yaml"), "kind: Zone\n"),
    ]) {
      change();
      values.push(JSON.parse((await ran(folder, "compile", "--format", "json")).out));
      expect(validate(values.at(-1)) ? [] : validate.errors).toEqual([]);
    }
    expect(values.map(({ files }) => files.length > 0)).toEqual([true, false, false]);
    expect(values[2]?.findings.length).toBeGreaterThan(0);
    writeFileSync(join(folder, "plumbline.yaml"), "kind: Project\n");
    const { files } = JSON.parse((await ran(folder, "compile", "--format", "json")).out);
    expect(files).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test("explain, of what is allowed and what is not", async () => {
  const validate = await validatorOf("explain");
  for (const service of ["tcp/8443", "tcp/22"]) {
    const { out } = await ran(root, "explain", "corp", "pci", service, "--cluster", "east", "--format", "json");
    expect(validate(JSON.parse(out)) ? [] : validate.errors).toEqual([]);
  }
});

test("lint", async () => {
  const validate = await validatorOf("lint");
  const folder = mkdtempSync(join(tmpdir(), "plumbline-schemas-"));
  try {
    const page = core.ruleCatalogue.find(({ code }) => code === "nad/unknown-key")?.page ?? "";
    writeFileSync(join(folder, "a.yaml"), examplesOf(page)?.wrong ?? "");
    const { out } = await ran(folder, "lint", "--format", "json");
    expect(JSON.parse(out).length).toBeGreaterThan(0);
    expect(validate(JSON.parse(out)) ? [] : validate.errors).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
