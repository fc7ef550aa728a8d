import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Diagnostic } from "../src/diagnostics/diagnostic.ts";
import { core } from "./core.ts";

const { compile, formatFindings, loadProjectFiles } = core;

export const CASES = join(import.meta.dirname, "cases");

/** What a case must give: `diagnostics.txt`, and every file of `out/` where it compiles. */
export type Outcome = ReadonlyMap<string, string>;

/** Folders that hold a plumbline.yaml, by name relative to test/cases. */
export function caseNames(folder = CASES): readonly string[] {
  if (existsSync(join(folder, "plumbline.yaml"))) return [relative(CASES, folder)];
  return readdirSync(folder)
    .sort()
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .flatMap((name) => caseNames(join(folder, name)));
}

/** Compiles a case as the command would. A case of one wrong intent has no output, only findings. */
export function runCase(name: string): Outcome {
  const root = join(CASES, name);
  const { inputs, diagnostics } = loadProjectFiles(root);
  const compiled = inputs ? compile(inputs) : undefined;
  const found: readonly Diagnostic[] = [...diagnostics, ...(compiled?.diagnostics ?? [])];
  const outcome = new Map<string, string>();
  if (found.length > 0) outcome.set("diagnostics.txt", formatFindings("text", found, { colour: false, version: "0" }));
  for (const file of compiled?.files ?? []) outcome.set(`out/${file.path}`, file.text);
  if (compiled?.lock !== undefined) outcome.set("plumbline.lock.yaml", compiled.lock);
  return outcome;
}

/** The findings of a case, as `check` would have them. */
export function findingsOfCase(name: string): readonly Diagnostic[] {
  const { inputs, diagnostics } = loadProjectFiles(join(CASES, name));
  return [...diagnostics, ...(inputs ? compile(inputs).diagnostics : [])];
}

/** What is expected of a case, as it stands in its `expected` folder. */
export function expectedOf(name: string): Outcome {
  const root = join(CASES, name, "expected");
  if (!existsSync(root)) return new Map();
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(root, path)).isFile(),
  );
  return new Map(paths.sort().map((path) => [path.replaceAll("\\", "/"), readFileSync(join(root, path), "utf8")]));
}

/** Cases about findings keep their expected folder small: output is only compared where the case has some. */
export function compared(name: string, outcome: Outcome): Outcome {
  const wantsOutput = name.startsWith("output/") || name.startsWith("workloads/") || name.startsWith("kinds/");
  return new Map([...outcome].filter(([path]) => wantsOutput || path === "diagnostics.txt"));
}
