import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import { fixFiles, lintFiles } from "../../src/lint/lint.ts";
import type { SourceFile } from "../../src/source/source-file.ts";

export const LINT_CASES = join(import.meta.dirname, "..", "cases", "lint");

export function lintCaseNames(): readonly string[] {
  return readdirSync(LINT_CASES).sort();
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
}

/** The repository that a case is about. */
export function lintCaseInput(name: string): readonly SourceFile[] {
  const root = join(LINT_CASES, name);
  return filesBelow(root)
    .filter((path) => !path.startsWith("expected/"))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** What is said of a case, and the files that `--fix` changes, below `fixed/`. */
export function runLintCase(name: string): ReadonlyMap<string, string> {
  const files = lintCaseInput(name);
  const { diagnostics } = lintFiles(files);
  const outcome = new Map([["diagnostics.txt", formatFindings("text", diagnostics, { colour: false, version: "0" })]]);
  for (const file of fixFiles(files).changed) outcome.set(`fixed/${file.path}`, file.text);
  return outcome;
}

export function expectedOfLintCase(name: string): ReadonlyMap<string, string> {
  const root = join(LINT_CASES, name, "expected");
  return new Map(filesBelow(root).map((path) => [path, readFileSync(join(root, path), "utf8")]));
}
