import { type Dirent, lstatSync, readdirSync, realpathSync } from "node:fs";
import { dirname, relative } from "node:path";
import fastGlob from "fast-glob";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { describeFileError } from "../file-error.ts";
import type { PathLocation } from "./path-location.ts";
import { placeOfPath } from "./read-text.ts";
import { loadRules } from "./rules.ts";

export interface FoundFiles {
  /** Relative to the project, sorted. Whatever is no folder: pipes and broken links too, for the reader to refuse. */
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What globs match below a project. Links to folders are followed as long as they stay inside and do not loop. */
export function findFiles(
  root: string,
  patterns: readonly string[],
  ignore: readonly string[],
  whereabouts: (path: string) => PathLocation,
): FoundFiles {
  const diagnostics: Diagnostic[] = [];
  const listed = (folder: string): Dirent[] => {
    const path = relative(root, folder).replaceAll("\\", "/");
    const refuse = (problem: Diagnostic): Dirent[] => {
      diagnostics.push(problem);
      return [];
    };
    try {
      const where = path === "" ? "inside" : whereabouts(path);
      if (where !== "inside") {
        const slug = where === "link" ? "link-leaves-project" : "outside-project";
        return refuse(loadRules.diagnose(slug, placeOfPath(path), { path }));
      }
      if (loops(root, folder)) return refuse(loadRules.diagnose("link-loops", placeOfPath(path), { path }));
      return readdirSync(folder, { withFileTypes: true });
    } catch (cause) {
      if ((cause as { code?: string }).code === "ENOENT") return [];
      return refuse(loadRules.diagnose("unreadable", placeOfPath(path), { path, why: describeFileError(cause) }));
    }
  };
  const entries = fastGlob.sync([...patterns], {
    cwd: root,
    onlyFiles: false,
    objectMode: true,
    ignore: [...ignore],
    fs: { readdirSync: listed as unknown as typeof readdirSync },
  });
  const paths = entries.filter((entry) => !entry.dirent.isDirectory()).map((entry) => entry.path);
  return { paths: paths.sort(), diagnostics };
}

/** Whether a folder is a link to one of those above it. */
function loops(root: string, folder: string): boolean {
  if (folder === root || !lstatSync(folder).isSymbolicLink()) return false;
  const real = realpathSync(folder);
  for (let above = dirname(folder); above.length >= root.length; above = dirname(above)) {
    if (realpathSync(above) === real) return true;
    if (above === dirname(above)) break;
  }
  return false;
}
