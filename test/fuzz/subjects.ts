import fc from "fast-check";
import { stringify } from "yaml";
import type { CommonOptions, Io } from "../../src/commands/io.ts";
import { isJsonObject, withAnnotations } from "../../src/commands/krm/resource-list.ts";
import { runKrmText } from "../../src/commands/krm.ts";
import { compile } from "../../src/compile.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { hasErrors } from "../../src/diagnostics/diagnostic.ts";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import { formatNames } from "../../src/diagnostics/format/names.ts";
import { importEstate } from "../../src/import/import-project.ts";
import type { CompileOptions, Inputs } from "../../src/ir/compiled.ts";
import { fixFiles, lintFiles } from "../../src/lint/lint.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { readDocuments } from "../../src/yaml/read-documents.ts";
import { schemaDocuments } from "./from-schema.ts";
import { migrates, targetNames } from "./migrations.ts";
import { mutate, mutation } from "./mutations.ts";
import { lintSeeds, projectSeeds, type Seed, templateSeeds } from "./seeds.ts";

const quiet: CommonOptions = {
  root: "/",
  folder: "",
  form: "text",
  format: "text",
  colour: false,
  strict: false,
  quiet: false,
  version: "0",
};

/** Something that is made up at random, and what must hold for it. `run` throws where it does not. */
export interface Subject {
  readonly name: string;
  readonly documents: fc.Arbitrary<Sample>;
}

export interface Sample {
  /** All that is needed to see it again. */
  readonly texts: Readonly<Record<string, string>>;
  run(): void;
}

const projects = projectSeeds();
const templates = templateSeeds();
const templateNames = [...templates.keys()];
const hand = lintSeeds();

function inputsOf(files: ReadonlyMap<string, string>): Inputs {
  const all = [...files].map(([path, text]): SourceFile => ({ path, text }));
  const below = (folder: string) =>
    all.filter((file) => file.path.startsWith(`${folder}/`) && !file.path.endsWith(".hbs"));
  return {
    project: { path: "plumbline.yaml", text: files.get("plumbline.yaml") ?? "" },
    intents: below("intents"),
    workloads: below("workloads").map((file) => ({ file, namespace: undefined })),
    lock: all.find((file) => file.path === "plumbline.lock.yaml"),
    templates: all
      .filter((file) => file.path.endsWith(".hbs"))
      .map((file) => ({ name: file.path.replace(/^templates\/|\.hbs$/g, ""), file })),
  };
}

function compiles(name: string, files: ReadonlyMap<string, string>, options: CompileOptions): Sample {
  return {
    texts: { "fuzz.txt": `${name} ${JSON.stringify(options)}`, ...Object.fromEntries(files) },
    run() {
      const once = compile(inputsOf(files), options);
      const again = compile(inputsOf(files), options);
      same(once.files, again.files, "files of a second run");
      same(once.lock, again.lock, "the lock of a second run");
      checkFindings(once.diagnostics, again.diagnostics);
      if (once.lock === undefined || options.clusters || options.target) return;
      const kept = compile(inputsOf(new Map([...files, ["plumbline.lock.yaml", once.lock]])));
      if (hasErrors(kept.diagnostics))
        throw new Error(`own lock is refused: ${kept.diagnostics.map((one) => one.message)}`);
      same(kept.lock, once.lock, "the lock of a run with its own lock");
      same(kept.files, once.files, "files of a run with its own lock");
    },
  };
}

function same(one: unknown, other: unknown, what: string): void {
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error(`${what}: not the same`);
}

/** Findings in every format: nothing that a document says may end a line of ours, or reach a terminal as it is. */
function checkFindings(found: readonly Diagnostic[], again: readonly Diagnostic[]): void {
  for (const name of formatNames) {
    const text = formatFindings(name, found, { colour: false, version: "0" });
    same(text, formatFindings(name, again, { colour: false, version: "0" }), `findings as ${name}`);
    if (name === "json" || name === "sarif") JSON.parse(text);
    if (name === "github" && text.split("\n").some((line) => line !== "" && !/^::(error|warning|notice) /.test(line)))
      throw new Error("a finding ends a line of GitHub's");
    if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text))
      throw new Error(`a control character reaches the output as ${name}`);
  }
}

const options: fc.Arbitrary<CompileOptions> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<CompileOptions>(
      { gc: true },
      { merge: true },
      { relock: ["isolationzone/pci", "x"] },
      { clusters: ["main"] },
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom(...targetNames).map((target) => ({ target })) },
);

function changed(
  seed: Seed,
  changes: readonly { readonly file: number; readonly change: Parameters<typeof mutate>[1] }[],
) {
  const files = new Map(seed.files);
  for (const { file, change } of changes) {
    const path = [...files.keys()][file % files.size] as string;
    files.set(path, mutate(files.get(path) as string, change));
  }
  return files;
}

const changes = fc.array(fc.record({ file: fc.nat(100), change: mutation }), { minLength: 1, maxLength: 4 });

/** Everything that is read, each with what stands beside it. */
export const subjects: readonly Subject[] = [
  {
    name: "projects",
    documents: fc
      .tuple(fc.nat(projects.length - 1), changes, options)
      .map(([at, list, how]) => compiles((projects[at] as Seed).name, changed(projects[at] as Seed, list), how)),
  },
  {
    name: "intents",
    documents: fc.tuple(fc.nat(projects.length - 1), schemaDocuments, options).map(([at, text, how]) => {
      const files = new Map((projects[at] as Seed).files);
      return compiles((projects[at] as Seed).name, files.set("intents/more.yaml", text), how);
    }),
  },
  {
    name: "templates",
    documents: fc
      .tuple(
        fc.nat(projects.length - 1),
        fc.nat(templateNames.length - 1),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
      )
      .map(([at, which, list]) => {
        const name = templateNames[which] as string;
        // Trees of a template are no YAML: only its text is changed.
        const text = list.filter((one) => one.on === "text").reduce(mutate, templates.get(name) as string);
        const files = new Map((projects[at] as Seed).files);
        return compiles((projects[at] as Seed).name, files.set(`templates/${name}.hbs`, text), {});
      }),
  },
  {
    name: "lint",
    documents: fc
      .tuple(fc.nat(Math.max(0, hand.length - 1)), fc.array(mutation, { minLength: 1, maxLength: 4 }))
      .map(([at, list]) => {
        const text = list.reduce(mutate, hand[at] ?? "");
        const files = [{ path: "all.yaml", text }];
        return {
          texts: { "all.yaml": text },
          run() {
            checkFindings(lintFiles(files).diagnostics, lintFiles(files).diagnostics);
            same(fixFiles(files).changed, fixFiles(files).changed, "what lint mends");
          },
        };
      }),
  },
  {
    name: "import",
    documents: fc
      .tuple(
        fc.array(fc.nat(Math.max(0, hand.length - 1)), { minLength: 1, maxLength: 3 }),
        fc.array(mutation, { maxLength: 3 }),
      )
      .map(([picked, list]) =>
        imports(picked.map((at, nth) => (nth === 0 ? list.reduce(mutate, hand[at] ?? "") : (hand[at] ?? "")))),
      ),
  },
  {
    name: "migrate",
    documents: fc.tuple(fc.nat(projects.length - 1), changes, fc.constantFrom(...targetNames)).map(([at, list, to]) => {
      const files = changed(projects[at] as Seed, list);
      return {
        texts: { "fuzz.txt": `${(projects[at] as Seed).name} to ${to}`, ...Object.fromEntries(files) },
        run() {
          const [once, again] = [migrates(inputsOf(files), to), migrates(inputsOf(files), to)];
          same(once.files, again.files, "a migration's second run");
          checkFindings(once.diagnostics, again.diagnostics);
        },
      };
    }),
  },
  {
    name: "krm",
    documents: fc.tuple(fc.nat(projects.length - 1), changes).map(([at, list]) => {
      const { files } = projects[at] as Seed;
      const items = [...files].filter(([path]) => /\.ya?ml$/.test(path)).flatMap(([path, text]) => itemsOf(path, text));
      const head = { apiVersion: "config.kubernetes.io/v1", kind: "ResourceList" };
      return runsFunction(list.reduce((text, { change }) => mutate(text, change), stringify({ ...head, items })));
    }),
  },
];

/** An estate carried over must compile (importEstate throws otherwise), and its own project must say the same again. */
function imports(texts: readonly string[]): Sample {
  const files = texts.map((text, at): SourceFile => ({ path: `${at}.yaml`, text }));
  const names = { cluster: "main", namespace: "default" };
  return {
    texts: Object.fromEntries(files.map((file) => [file.path, file.text])),
    run() {
      const once = importEstate(files, names);
      const again = importEstate(files, names);
      same(once.files, again.files, "an import's second run");
      checkFindings(once.compiled.diagnostics, again.compiled.diagnostics);
    },
  };
}

function itemsOf(path: string, text: string): readonly unknown[] {
  const annotations = (index: number) => ({
    "config.kubernetes.io/path": path,
    "internal.config.kubernetes.io/index": String(index),
  });
  const { documents } = readDocuments({ path, text }, "manifest");
  return documents.flatMap(({ value, index }) =>
    isJsonObject(value) ? [withAnnotations(value, annotations(index))] : [],
  );
}

function runsFunction(text: string): Sample {
  const run = () => {
    let out = "";
    const io = { out: (more: string) => (out += more), err: (more: string) => (out += more) } as unknown as Io;
    return { exit: runKrmText(text, quiet, io), out };
  };
  return { texts: { "list.yaml": text }, run: () => same(run(), run(), "the function's second run") };
}
