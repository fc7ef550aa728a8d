import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { argumentsOf, cases, copyOf, filesIn, plumbline } from "./cases.ts";

/** What kustomize would apply of a folder: each object as text, by its name. */
function applied(files: ReadonlyMap<string, string>, folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const kustomization = parse(files.get(join(folder, "kustomization.yaml")) ?? "") as { resources: string[] };
  for (const path of kustomization.resources.map((one) => normalize(join(folder, one)))) {
    const text = files.get(path);
    const below = text === undefined ? applied(files, path) : objects(text);
    for (const [id, one] of below) {
      expect(found.has(id), `${id} twice in ${folder}`).toBe(false);
      found.set(id, one);
    }
  }
  return found;
}

function objects(text: string): readonly (readonly [string, string])[] {
  return parseAllDocuments(text).map((document) => {
    const value = document.toJS() as { kind: string; metadata: { namespace?: string; name: string } };
    return [`${value.kind} ${value.metadata.namespace}/${value.metadata.name}`, JSON.stringify(value)];
  });
}

/** Components that a project's target gives, by path. */
function patches(files: ReadonlyMap<string, string>, below: string): readonly (readonly [string, string])[] {
  return [...files].filter(([path]) => path.startsWith(below)).map(([path, text]) => [path.slice(below.length), text]);
}

for (const name of readdirSync(cases)) {
  test(`${name}: what is written, and that it starts and ends where it says`, async () => {
    const root = copyOf(name);
    expect((await plumbline(root, "compile")).exit).toBe(0);
    const applies = filesIn(join(root, "out/main"));
    const before = applied(applies, ".");
    const lock = readFileSync(join(root, "plumbline.lock.yaml"), "utf8");
    const { exit, err } = await plumbline(root, "migrate", ...argumentsOf(name));
    const expected = join(cases, name, "expected");
    await expect(err).toMatchFileSnapshot(join(expected, "diagnostics.txt"));
    expect(exit).toBe(0);
    expect(readFileSync(join(root, "plumbline.lock.yaml"), "utf8")).toBe(lock);

    const written = filesIn(join(root, "migration/main"));
    await expect(written.get("README.md")).toMatchFileSnapshot(join(expected, "README.md"));
    await expect(`${[...written.keys()].join("\n")}\n`).toMatchFileSnapshot(join(expected, "files.txt"));
    const steps = [...written.keys()].map(dirname).filter((one) => /^\d\d-[^/]+$/.test(one));
    const text = written.get("README.md") ?? "";
    const named = [...text.matchAll(/^### (\S+)$/gm)].map((match) => match[1]);
    expect(named).toEqual(steps);
    // Whatever a step adds or takes away stands in the document.
    let last = before;
    for (const step of steps) {
      const now = applied(written, step);
      const section = text.split(`### ${step}\n`)[1]?.split("\n### ")[0] ?? "";
      for (const id of [...now.keys()].filter((one) => now.get(one) !== last.get(one)))
        expect(section.split("Removed:")[0], `${step} applies ${id}`).toContain(shownAs(id));
      for (const id of [...last.keys()].filter((one) => !now.has(one)))
        expect(section.split("Removed:")[1], `${step} removes ${id}`).toContain(shownAs(id));
      last = now;
    }

    // The last step is what a compile for the target gives.
    const words = argumentsOf(name);
    const after = (flag: string) => words.filter((_word, index) => words[index - 1] === flag);
    const [to] = after("--to");
    const moved = after("--intent");
    const project = parse(readFileSync(join(root, "plumbline.yaml"), "utf8")) as {
      spec: { clusters: { target?: string }[]; allowLoss?: string[] };
    };
    if (moved.length === 0) for (const cluster of project.spec.clusters) cluster.target = to as string;
    else retarget(join(root, "intents/all.yaml"), moved, to as string);
    project.spec.allowLoss = after("--allow-loss");
    writeFileSync(join(root, "plumbline.yaml"), JSON.stringify(project));
    expect((await plumbline(root, "compile")).exit).toBe(0);
    const out = filesIn(join(root, "out/main"));
    expect([...last].sort()).toEqual([...applied(out, ".")].sort());
    const stay = new Set(patches(applies, "patches/").map(([path, one]) => `${path} ${one}`));
    // What is stopped names its component again afterwards, also where that says what it said before.
    const given = patches(written, "patches/after/");
    const paused = new Set(patches(written, "patches/stopped/").map(([path]) => path));
    const all = patches(out, "patches/");
    const wanted = all.filter(([path, one]) => !stay.has(`${path} ${one}`));
    expect(given).toEqual(all.filter((one) => wanted.includes(one) || paused.has(one[0])));
    expect(written.get("handoff.md")).toBe(out.get("handoff.md"));
  });
}

/** Writes a target into the specs of some intents, as the document says. */
function retarget(path: string, ids: readonly string[], target: string): void {
  const documents = parseAllDocuments(readFileSync(path, "utf8"));
  for (const one of documents) {
    const { kind, metadata } = one.toJS() as { kind: string; metadata: { name: string } };
    if (ids.includes(`${kind.toLowerCase()}/${metadata.name}`)) one.setIn(["spec", "target"], target);
  }
  writeFileSync(path, documents.map((one) => one.toString({ directives: false })).join("---\n"));
}

function shownAs(id: string): string {
  return id.replace(/ (?:undefined\/)?(.*)$/, " `$1`");
}
