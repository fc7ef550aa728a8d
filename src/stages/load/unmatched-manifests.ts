import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Project } from "../../ir/project.ts";
import { placeAt } from "../../source/place.ts";
import { loadRules } from "./rules.ts";

/** Files that are named; more are counted. */
const NAMED = 3;

/** Manifests beside those that globs of `spec.workloads` match: what is in them is not known, and nothing else says so. */
export function findUnmatchedManifests(
  project: Project,
  taken: ReadonlySet<string>,
  find: (patterns: readonly string[]) => readonly string[],
): readonly Diagnostic[] {
  const globs = project.workloads.flatMap(({ paths }) => paths);
  return foldersOf(globs).flatMap((folder) => {
    const every = `${folder}/**/*.{yaml,yml}`;
    if (globs.includes(every)) return [];
    const left = find([every]).filter((path) => !taken.has(path));
    if (left.length === 0) return [];
    const names = left.slice(0, NAMED).map((path) => `\`${path}\``);
    const more = left.length > NAMED ? ` and ${(left.length - NAMED).toLocaleString("en")} more` : "";
    const parameters = { folder: `${folder}/`, count: left.length, names: names.join(", ") + more };
    return [loadRules.diagnose("unmatched", placeAt(project.doc, "spec", "workloads"), parameters)];
  });
}

/** For each folder of the project that globs lead into, the deepest one that all of those stand in. */
function foldersOf(globs: readonly string[]): readonly string[] {
  const byTop = new Map<string, readonly string[]>();
  for (const glob of globs) {
    const base = baseOf(glob);
    const [top] = base;
    if (top === undefined) continue;
    const known = byTop.get(top);
    byTop.set(top, known ? known.slice(0, sharedBy(known, base)) : base);
  }
  return [...byTop.values()].map((one) => one.join("/")).sort();
}

/** The folders of a glob before anything in it that is a pattern. */
function baseOf(glob: string): readonly string[] {
  const segments = glob.split("/").filter((one) => one !== "." && one !== "");
  const pattern = segments.findIndex((one) => /[*?[\]{}()!+@\\]/.test(one));
  return pattern === -1 ? segments.slice(0, -1) : segments.slice(0, pattern);
}

function sharedBy(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((segment, index) => segment !== other[index]);
  return differs === -1 ? one.length : differs;
}
