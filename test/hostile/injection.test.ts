import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import type { Io } from "../../src/commands/io.ts";
import { runProgram } from "../../src/commands/program.ts";
import { compile } from "../../src/compile.ts";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import { formatNames } from "../../src/diagnostics/format/names.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import { loadProjectFiles } from "../../src/stages/1-load.ts";
import { CASES } from "../cases-runner.ts";

/** Texts that would do something if they came through as they are. */
const payloads: readonly string[] = [
  "$(touch$IFS/x)`id`",
  '"; id; "',
  '" accept comment "',
  "x\n}\ntable inet evil {\n",
  "x\nspec: {hostNetwork: true}\n---\nkind: Pod",
  "<img src=x onerror=alert(1)>",
  "](javascript:alert(1))",
  "x | y | z",
  "../../../../tmp/evil",
  "\u001b[2J\u202eevil",
  "%0A::error::evil",
  "{{q name}}",
];

/** What none of them may become, in any file. */
const FORBIDDEN = /^table inet evil|^\s*hostNetwork: true|<img|\]\(javascript|^\s*kind: Pod$|\u001b|\u202e|^::error/m;

interface Slot {
  readonly file: "project" | "intents" | "workloads";
  readonly document: number;
  readonly path: readonly (string | number)[];
}

function textsOf(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    textsOf(one, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function withText(value: unknown, path: readonly (string | number)[], text: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return text;
  if (Array.isArray(value)) return value.map((one, at) => (at === key ? withText(one, rest, text) : one));
  const tree = value as Readonly<Record<string, unknown>>;
  return { ...tree, [key]: withText(tree[key as string], rest, text) };
}

const documentsOf = (text: string): readonly unknown[] => parseAllDocuments(text).map((one) => one.toJS());

function projectOf(name: string) {
  const { inputs } = loadProjectFiles(join(CASES, name));
  if (!inputs) throw new Error(`${name} does not load`);
  const texts = {
    project: inputs.project.text,
    intents: inputs.intents.map((one) => one.text).join("---\n"),
    workloads: inputs.workloads.map((one) => one.file.text).join("---\n"),
  };
  const parsed = {
    project: documentsOf(texts.project),
    intents: documentsOf(texts.intents),
    workloads: documentsOf(texts.workloads),
  };
  const slots = (["project", "intents", "workloads"] as const).flatMap((file) =>
    parsed[file].flatMap((value, document) => textsOf(value).map((path): Slot => ({ file, document, path }))),
  );
  const inject = ({ file, document, path }: Slot, text: string): Inputs => {
    const changed = {
      ...parsed,
      [file]: parsed[file].map((one, at) => (at === document ? withText(one, path, text) : one)),
    };
    const written = (some: readonly unknown[]) =>
      some.map((one) => stringify(one, { aliasDuplicateObjects: false })).join("---\n");
    return {
      project: { path: "plumbline.yaml", text: written(changed.project) },
      intents: [{ path: "intents/all.yaml", text: written(changed.intents) }],
      workloads: [{ file: { path: "workloads/all.yaml", text: written(changed.workloads) }, namespace: undefined }],
      lock: undefined,
      templates: [],
    };
  };
  return { slots, inject };
}

const projects = [
  "output/dual-stack-pair",
  "output/rendered",
  "output/vpn-with-a-network-of-its-own",
  "output/published-and-translated",
];

test.each(projects)("no text of %s comes through as anything but text", { timeout: 300_000 }, async (name) => {
  const { slots, inject } = projectOf(name);
  let accepted = 0;
  let shown = 0;
  for (const [at, slot] of slots.entries())
    for (const payload of [payloads[at % payloads.length], payloads[(at * 5 + 3) % payloads.length]] as string[]) {
      const what = `${slot.file} ${slot.document} ${slot.path.join(".")} = ${JSON.stringify(payload)}`;
      const inputs = inject(slot, payload);
      const { files, diagnostics } = compile(inputs);
      for (const form of formatNames) {
        const text = formatFindings(form, diagnostics, { colour: false, version: "0" });
        expect(text, `${what} as ${form}`).not.toMatch(/\u001b|\u202e/);
        if (form === "github")
          for (const line of text.trim().split("\n")) expect(line, what).toMatch(/^(::(error|warning|notice) |$)/);
        if (form === "json" || form === "sarif") JSON.parse(text);
      }
      if (files.length === 0) continue;
      accepted++;
      for (const { path, text } of files) {
        expect(path, what).toMatch(/^[\w.-]+(\/[\w.-]+)+$/);
        expect(path.split("/"), what).not.toContain("..");
        // What a workload says of itself is repeated in its own manifest, as text.
        // A selector may name a label of any value, quoted. What a shell or nft reads may not.
        for (const one of documentsOf(path.endsWith(".yaml") ? text : "") as { kind?: string; data?: unknown }[])
          if (one?.kind === "ConfigMap")
            expect(JSON.stringify(one.data), what).not.toMatch(/touch\$IFS|; id;|accept comment \\" /);
        if (path.includes("/workloads/")) expect(documentsOf(text).length, what).toBe(1);
        else expect(text, `${what} in ${path}`).not.toMatch(FORBIDDEN);
      }
      if (accepted % 8 === 0) {
        await tablesOf(inputs, what);
        shown++;
      }
    }
  expect(slots.length).toBeGreaterThan(40);
  expect(accepted).toBeGreaterThan(8);
  expect(shown).toBeGreaterThan(0);
});

/** The answers that people paste into pages and pull requests. */
async function tablesOf(inputs: Inputs, what: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "plumbline-injection-"));
  let out = "";
  const io: Io = {
    cwd: root,
    out: (text) => {
      out += text;
    },
    err: () => {},
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  for (const { path, text } of [inputs.project, ...inputs.intents, ...inputs.workloads.map((one) => one.file)]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  await runProgram(["compile", "--quiet"], io, { noColor: true });
  for (const args of [
    ["verify", "--format", "html"],
    ["verify", "--format", "markdown"],
    ["verify", "--format", "text"],
    ["diff", "--format", "markdown"],
    ["graph", "--format", "svg"],
    ["graph", "--format", "html"],
    ["graph", "--format", "mermaid"],
    ["graph", "--format", "dot"],
  ]) {
    out = "";
    expect(await runProgram(args, io, { noColor: true }), `${what}: ${args}`).toBeLessThan(2);
    expect(out, `${what}: ${args}`).not.toMatch(/<img|\]\(javascript|\u001b|\u202e|^::error/m);
  }
  rmSync(root, { recursive: true, force: true });
}
