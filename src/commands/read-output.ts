import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../source/source-file.ts";

/** Files of a cluster as they stand below `out`, paths relative to the project, sorted; none where the folder is not. */
export function readOutput(root: string, out: string, cluster: string): readonly SourceFile[] {
  const folder = `${out.replace(/\/+$/, "")}/${cluster}`;
  let paths: readonly string[];
  try {
    paths = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
  return [...paths].sort().map((path) => ({
    path: path.slice(root.length).replaceAll("\\", "/").replace(/^\/+/, ""),
    text: readFileSync(path, "utf8"),
  }));
}
