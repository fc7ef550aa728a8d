import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import fastGlob from "fast-glob";
import { append } from "../diagnostics/append.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Inputs, TemplateFile, WorkloadFile } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { readProject } from "../project/read-project.ts";
import { at } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findFiles } from "./load/find-files.ts";
import { createInside, type Whereabouts } from "./load/inside.ts";
import { LOCK_MAX, placeOf, readText } from "./load/read-text.ts";
import { loadRules } from "./load/rules.ts";
import { reason } from "./reason.ts";

export const PROJECT_FILE = "plumbline.yaml";

export interface Loaded {
  /** Undefined when the project file itself cannot be used. */
  readonly inputs: Inputs | undefined;
  readonly project: Project | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything that a project is made of, read once. `root` is the absolute path of the folder of plumbline.yaml. */
export function load(root: string): Loaded {
  if (!existsSync(join(root, PROJECT_FILE)))
    return unusable([loadRules.diagnose("no-project", undefined, { path: PROJECT_FILE })]);
  let whereabouts: (path: string) => Whereabouts;
  try {
    whereabouts = createInside(root);
  } catch (cause) {
    const parameters = { path: PROJECT_FILE, why: reason(cause) };
    return unusable([loadRules.diagnose("unreadable", placeOf(PROJECT_FILE), parameters)]);
  }
  const file = readText(root, PROJECT_FILE, whereabouts);
  if ("code" in file) return unusable([file]);
  const { value: project, diagnostics: wrong } = readProject(file);
  if (!project) return unusable(wrong);
  return readInputs(root, file, project, whereabouts);
}

function unusable(diagnostics: readonly Diagnostic[]): Loaded {
  return { inputs: undefined, project: undefined, diagnostics };
}

function readInputs(
  root: string,
  file: SourceFile,
  project: Project,
  whereabouts: (path: string) => Whereabouts,
): Loaded {
  const diagnostics: Diagnostic[] = [];
  const out = asFolder(project.out);
  if (out === ".") {
    const place = at(project.doc, "spec", "out");
    return unusable([loadRules.diagnose("out-is-project", place, { out: project.out })]);
  }
  const ignore = [
    `${fastGlob.escapePath(out)}/**`,
    "**/node_modules/**",
    "**/.git/**",
    PROJECT_FILE,
    fastGlob.escapePath(posix.normalize(project.lock)),
  ];
  const take = (read: SourceFile | Diagnostic): readonly SourceFile[] => {
    if (!("code" in read)) return [read];
    diagnostics.push(read);
    return [];
  };
  const files = (patterns: readonly string[]): readonly SourceFile[] => {
    const found = findFiles(root, patterns, ignore, whereabouts);
    append(diagnostics, found.diagnostics);
    return found.paths.flatMap((path) => take(readText(root, path, whereabouts)));
  };
  const intents = files(project.intents);
  if (intents.length === 0 && diagnostics.length === 0) {
    const paths = project.intents.map((one) => `\`${one}\``).join(", ");
    diagnostics.push(loadRules.diagnose("no-intents", at(project.doc, "spec", "intents"), { paths }));
  }
  const workloads = workloadFiles(project, files);
  const templates = project.templates === undefined ? [] : templateFiles(asFolder(project.templates), files);
  const lock = existsSync(join(root, project.lock))
    ? take(readText(root, project.lock, whereabouts, LOCK_MAX))[0]
    : undefined;
  return { inputs: { project: file, intents, workloads, lock, templates }, project, diagnostics };
}

/** `./out/` and `out` are the same folder. */
function asFolder(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/+$/, "");
}

function templateFiles(folder: string, files: (patterns: readonly string[]) => readonly SourceFile[]): TemplateFile[] {
  return files([`${fastGlob.escapePath(folder)}/**/*.hbs`]).map((file) => ({
    name: file.path.slice(folder.length + 1, -".hbs".length),
    file,
  }));
}

/** A file that two entries match belongs to the one that gives it a namespace. */
function workloadFiles(
  project: Project,
  files: (patterns: readonly string[]) => readonly SourceFile[],
): WorkloadFile[] {
  const byPath = new Map<string, WorkloadFile>();
  for (const { paths, namespace } of project.workloads)
    for (const file of files(paths)) {
      const known = byPath.get(file.path);
      if (!known || known.namespace === undefined) byPath.set(file.path, { file: known?.file ?? file, namespace });
    }
  return [...byPath.values()].sort((a, b) => (a.file.path < b.file.path ? -1 : 1));
}
