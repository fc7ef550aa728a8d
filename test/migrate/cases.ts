import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runProgram } from "../../src/commands/program.ts";

/** Each is a project with the arguments of the migration. */
export const cases = join(import.meta.dirname, "cases");

/** A copy of a case's project, which a test may change. */
export function copyOf(name: string): string {
  const root = mkdtempSync(join(tmpdir(), "migrate-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(cases, name), root, { recursive: true, filter: (path) => !path.endsWith("/expected") });
  return root;
}

export function argumentsOf(name: string): readonly string[] {
  return readFileSync(join(cases, name, "arguments"), "utf8")
    .trim()
    .split(" ");
}

export async function plumbline(root: string, ...argv: readonly string[]) {
  const said = { out: "", err: "" };
  const io = {
    cwd: root,
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  const exit = await runProgram(argv, io, { noColor: true });
  return { exit, ...said };
}

/** Files below a folder, by their paths. */
export function filesIn(folder: string): ReadonlyMap<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = found.map((one) => join(one.parentPath, one.name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}
