import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadProjectFiles } from "../../src/stages/1-load.ts";
import { CASES, caseNames } from "../cases-runner.ts";

/** A project as texts by path; the part of the fuzzer that everything else is made from. */
export interface Seed {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

function textsBelow(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    paths
      .filter((path) => statSync(join(folder, path)).isFile() && !path.startsWith("expected"))
      .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]),
  );
}

/** Every case that loads, as far as small: nearly every feature there is stands in one of them. */
export function projectSeeds(): readonly Seed[] {
  return caseNames()
    .filter((name) => loadProjectFiles(join(CASES, name)).inputs !== undefined)
    .map((name) => ({ name, files: withLock(name, textsBelow(join(CASES, name))) }))
    .filter(({ files }) => [...files.values()].every((text) => text.length < 50_000));
}

/** Half of what a lock can do wrong needs one to be there. */
function withLock(name: string, files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const lock = "plumbline.lock.yaml";
  if (files.has(lock)) return files;
  try {
    return new Map([...files, [lock, readFileSync(join(CASES, name, "expected", lock), "utf8")]]);
  } catch {
    return files;
  }
}

/** Built-in templates by name. */
export function templateSeeds(): ReadonlyMap<string, string> {
  const root = join(import.meta.dirname, "../../templates");
  return new Map([...textsBelow(root)].map(([path, text]) => [path.replace(/\.hbs$/, ""), text]));
}

/** Files that lint has read before: those of its cases, and those that people keep in public. */
export function lintSeeds(): readonly string[] {
  const folders = [join(CASES, "lint"), join(import.meta.dirname, "../data/corpus")];
  return folders
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    .flatMap((folder) => [...textsBelow(folder)])
    .filter(([path, text]) => /\.(ya?ml|json)$/.test(path) && text.length < 20_000)
    .map(([, text]) => text);
}
