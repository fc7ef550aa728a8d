import { describe, expect, test } from "vitest";
import { kindSchemas } from "../../src/kinds/schemas.ts";
import { projectSchema } from "../../src/project/schema.ts";
import type { Schema } from "../../src/schema/schema.ts";
import { core } from "../core.ts";
import { base, workloads } from "./base.ts";
import type { Entry, Given } from "./entry.ts";
import { ofIntents } from "./intents.ts";
import { ofProject } from "./project.ts";

const schemas: Readonly<Record<string, Schema>> = { ...kindSchemas, Project: projectSchema };
const entries = { ...ofIntents, Project: ofProject };

/** Keys that change nothing, and why; or whose effect is on what is read and written, and where that is tested. */
const exceptions: Readonly<Record<string, string>> = {
  description: "for readers of the intent alone",
  "Project annotations": "for readers of the project alone",
  "Project intents": "which files are read: load.test.ts",
  "Project workloads[].paths": "which files are read: load.test.ts",
  "Project workloads[].namespace": "which files are read: load.test.ts",
  "Project declared[].ports[].name": "which port a policy means by a name: declared.test.ts",
  "Project declared[].ports[].port": "which port a policy means by a name: declared.test.ts",
  "Project kustomizations": "which files are read: page of delivery/component-not-named",
  "Project lock": "which file is read and written: load.test.ts",
  "Project templates": "which files are read: load.test.ts",
  "Project templateDomains": "what the project's own templates may write: own-templates.test.ts",
};

/** Keys that hold a value of their own, not further keys. */
function leavesOf(schema: Schema, path = ""): readonly string[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
    leavesOf(one, path === "" ? key : `${path}.${key}`),
  );
  const items = schema.items ? leavesOf(schema.items, `${path}[]`) : [];
  const more =
    typeof schema.additionalProperties === "object" ? leavesOf(schema.additionalProperties, `${path}{}`) : [];
  const inner = [...below, ...items.filter((one) => one !== `${path}[]`), ...more.filter((one) => one !== `${path}{}`)];
  return inner.length > 0 || path === "" ? inner : [path];
}

type Documents = Record<string, { name: string; spec: Record<string, unknown> } | undefined>;

function set(documents: Documents, kind: string, path: string, value: unknown): void {
  const steps = path.replaceAll("[]", "[0]").replaceAll("{}", ".data").split(/[.[]/);
  let at = documents[kind]?.spec as Record<string, unknown>;
  for (const [index, raw] of steps.entries()) {
    const step = raw.replace("]", "");
    if (index === steps.length - 1) {
      if (value === undefined) delete at[step];
      else at[step] = value;
    } else {
      at[step] ??= /^\d+\]$/.test(steps[index + 1] ?? "") ? [] : {};
      at = at[step] as Record<string, unknown>;
    }
  }
}

function documentsWith(given: Given): Documents {
  const documents = structuredClone(base) as Documents;
  for (const [where, value] of Object.entries(given)) {
    const [kind = "", path] = where.split(" ");
    if (path === undefined) delete documents[kind];
    else set(documents, kind, path, structuredClone(value));
  }
  return documents;
}

interface Output {
  readonly text: string;
  readonly messages: readonly string[];
  readonly codes: readonly string[];
}

function outputOf(documents: Documents): Output {
  const text = (kind: string) => {
    const one = documents[kind];
    return one
      ? JSON.stringify({
          apiVersion: "plumbline.dev/v1alpha1",
          kind: kind === "Zone2" ? "IsolationZone" : kind,
          metadata: { name: one.name },
          spec: one.spec,
        })
      : "";
  };
  const intents = Object.keys(documents).filter((kind) => kind !== "Project");
  const done = core.compile({
    project: { path: "plumbline.yaml", text: text("Project") },
    intents: intents.map((kind) => ({ path: `intents/${kind}.yaml`, text: text(kind) })),
    workloads: [{ file: { path: "workloads/all.yaml", text: workloads }, namespace: undefined }],
    lock: undefined,
    templates: [],
  });
  const found = done.diagnostics.map(({ code, message, notes, help }) => ({ code, message, notes, help }));
  const { out } = done.project ?? {};
  return {
    text: JSON.stringify([done.files, done.lock, found, out]),
    codes: found.map((one) => one.code),
    messages: found.map((one) => `${one.code} ${one.message}`),
  };
}

const known = new Map<string, Output>();

/** What comes out before and after. */
function compared(kind: string, path: string, { value, given }: Entry): readonly [Output, Output] {
  const key = JSON.stringify(Object.entries(given).map(([where, one]) => [where, one ?? "none"]));
  const before = known.get(key) ?? outputOf(documentsWith(given));
  known.set(key, before);
  const documents = documentsWith(given);
  set(documents, kind, path, structuredClone(value));
  return [before, outputOf(documents)];
}

const isException = (kind: string, path: string) => path in exceptions || `${kind} ${path}` in exceptions;

test("the project of the comparison compiles", () => {
  expect(outputOf(documentsWith({})).codes).toEqual([]);
});

describe.each(Object.keys(schemas))("%s", (kind) => {
  const own = entries[kind as keyof typeof entries];
  const leaves = leavesOf(schemas[kind] as Schema);

  test("every key has an entry in the table, or a reason to have none", () => {
    const covered = (path: string) =>
      Object.keys(own).some((one) => one === path || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
    expect(leaves.filter((path) => !isException(kind, path) && !covered(path))).toEqual([]);
    const isKey = (path: string) => leaves.some((one) => one === path || one.startsWith(`${path}[`));
    expect(Object.keys(own).filter((path) => !isKey(path) || isException(kind, path))).toEqual([]);
  });

  test("every key changes what comes out, or is refused", () => {
    const idle: string[] = [];
    const misspelt: string[] = [];
    for (const [path, entry] of Object.entries(own)) {
      const [before, after] = compared(kind, path, entry);
      if (before.text === after.text) idle.push([path, ...before.messages].join("\n    "));
      // A value that the schema refuses says nothing of the key.
      for (const { codes } of [before, after])
        misspelt.push(...codes.filter((code) => /^(schema|yaml)\//.test(code)).map((code) => `${path}: ${code}`));
    }
    expect({ idle, misspelt }).toEqual({ idle: [], misspelt: [] });
  });
});
