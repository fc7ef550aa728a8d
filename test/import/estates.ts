import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ImportedEstate, importEstate } from "../../src/import/import-project.ts";
import type { SourceFile } from "../../src/source/source-file.ts";

export const ESTATES = join(import.meta.dirname, "estates");

function filesBelow(folder: string): readonly SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(folder, path), "utf8") }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function estateNames(): readonly string[] {
  return readdirSync(ESTATES).sort();
}

export function estateFiles(name: string): readonly SourceFile[] {
  return filesBelow(join(ESTATES, name, "estate"));
}

export function importedEstate(name: string): ImportedEstate {
  return importEstate(estateFiles(name), { cluster: "main", namespace: "default" });
}

/** What an import writes: the project, its intents, the lock and the report. */
export function expectedFiles(name: string): ReadonlyMap<string, string> {
  return new Map(filesBelow(join(ESTATES, name, "expected")).map(({ path, text }) => [path, text]));
}
