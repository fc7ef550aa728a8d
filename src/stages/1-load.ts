import { existsSync } from "node:fs";
import { join } from "node:path";
import fastGlob from "fast-glob";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Inputs, WorkloadFile } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { readProject } from "../project/read-project.ts";
import { at } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readText } from "./load/read-text.ts";
import { loadRules } from "./load/rules.ts";

export const PROJECT_FILE = "plumbline.yaml";

export interface Loaded {
  /** Undefined when the project file itself cannot be used. */
  readonly inputs: Inputs | undefined;
  readonly project: Project | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything that a project is made of, read once. `root` is the folder of plumbline.yaml. */
export function load(root: string): Loaded {
  const nothing = (diagnostics: readonly Diagnostic[]): Loaded => ({
    inputs: undefined,
    project: undefined,
    diagnostics,
  });
  if (!existsSync(join(root, PROJECT_FILE)))
    return nothing([loadRules.diagnose("no-project", undefined, { path: PROJECT_FILE })]);
  const file = readText(root, PROJECT_FILE);
  if ("code" in file) return nothing([file]);
  const { value: project, diagnostics: wrong } = readProject(file);
  if (!project) return nothing(wrong);
  const found: Diagnostic[] = [];
  const files = (patterns: readonly string[], base = root) => readAll(root, base, patterns, project, found);
  const intents = files(project.intents);
  if (intents.length === 0 && found.length === 0) {
    const place = at(project.doc, "spec", "intents");
    found.push(
      loadRules.diagnose("no-intents", place, { paths: project.intents.map((one) => `\`${one}\``).join(", ") }),
    );
  }
  const workloads = workloadFiles(project, files);
  const templates = project.templates === undefined ? [] : files([`${project.templates}/**/*.hbs`]);
  const lock = existsSync(join(root, project.lock)) ? readText(root, project.lock) : undefined;
  if (lock && "code" in lock) found.push(lock);
  const prefix = project.templates === undefined ? 0 : project.templates.replace(/\/+$/, "").length + 1;
  const inputs: Inputs = {
    project: file,
    intents,
    workloads,
    lock: lock && "code" in lock ? undefined : lock,
    templates: templates.map((one) => ({ ...one, path: one.path.slice(prefix) })),
  };
  return { inputs, project, diagnostics: found };
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

function readAll(
  root: string,
  base: string,
  patterns: readonly string[],
  project: Project,
  found: Diagnostic[],
): SourceFile[] {
  const entries = fastGlob.sync([...patterns], {
    cwd: base,
    onlyFiles: false,
    markDirectories: false,
    objectMode: true,
    followSymbolicLinks: false,
    ignore: [`${project.out}/**`, "**/node_modules/**", "**/.git/**", PROJECT_FILE, project.lock],
  });
  const paths = entries.filter((entry) => !entry.dirent.isDirectory()).map((entry) => entry.path);
  return paths.sort().flatMap((path) => {
    const file = readText(root, path);
    if (!("code" in file)) return [file];
    found.push(file);
    return [];
  });
}
