import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import fastGlob from "fast-glob";
import { appendAll } from "../diagnostics/append-all.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Inputs } from "../ir/compiled.ts";
import type { Project } from "../ir/project.ts";
import { readProject } from "../project/read-project.ts";
import { placeAt } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { describeFileError } from "./file-error.ts";
import { findFiles } from "./load/find-files.ts";
import { findKustomizations } from "./load/kustomizations.ts";
import { createPathClassifier, type PathLocation } from "./load/path-location.ts";
import { LOCK_MAX, placeOfPath, readText, type SizeLimit } from "./load/read-text.ts";
import { loadRules } from "./load/rules.ts";
import { ALL_MAX, checkTotalSize } from "./load/total-size.ts";
import { findUnmatchedManifests } from "./load/unmatched-manifests.ts";

export const PROJECT_FILE = "plumbline.yaml";

export interface Loaded {
  /** Undefined when the project file itself cannot be used. */
  readonly inputs: Inputs | undefined;
  readonly project: Project | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Texts that an editor has and has not saved, by path relative to the project. */
export type UnsavedTexts = ReadonlyMap<string, string>;

const nothingUnsaved: UnsavedTexts = new Map();

/**
 * Everything that a project is made of, read once. `root` is the absolute path of the folder of plumbline.yaml, `most` what
 * is read of all files together. A text that is not saved stands for its file.
 */
export function loadProjectFiles(
  root: string,
  most: SizeLimit = ALL_MAX,
  unsaved: UnsavedTexts = nothingUnsaved,
): Loaded {
  if (!existsSync(join(root, PROJECT_FILE)))
    return unusable([loadRules.diagnose("no-project", undefined, { path: PROJECT_FILE })]);
  let whereabouts: (path: string) => PathLocation;
  try {
    whereabouts = createPathClassifier(root);
  } catch (cause) {
    const parameters = { path: PROJECT_FILE, why: describeFileError(cause) };
    return unusable([loadRules.diagnose("unreadable", placeOfPath(PROJECT_FILE), parameters)]);
  }
  const file = readAs(unsaved)(root, PROJECT_FILE, whereabouts);
  if ("code" in file) return unusable([file]);
  const { value: project, diagnostics: wrong } = readProject(file);
  if (!project) return unusable(wrong);
  return readInputs(root, file, project, whereabouts, most, readAs(unsaved));
}

/** Reads a file, or what an editor has of it. */
function readAs(unsaved: UnsavedTexts): typeof readText {
  return (root, path, whereabouts, most) => {
    const text = unsaved.get(path);
    const read = readText(root, path, whereabouts, most);
    return text === undefined || "code" in read ? read : { path, text };
  };
}

function unusable(diagnostics: readonly Diagnostic[]): Loaded {
  return { inputs: undefined, project: undefined, diagnostics };
}

function readInputs(
  root: string,
  file: SourceFile,
  project: Project,
  whereabouts: (path: string) => PathLocation,
  most: SizeLimit,
  readFile: typeof readText,
): Loaded {
  const diagnostics: Diagnostic[] = [];
  const out = asFolder(project.out);
  if (out === ".") {
    const place = placeAt(project.doc, "spec", "out");
    return unusable([loadRules.diagnose("out-is-project", place, { out: project.out })]);
  }
  const ignore = [
    `${fastGlob.escapePath(out)}/**`,
    "**/node_modules/**",
    "**/.git/**",
    PROJECT_FILE,
    fastGlob.escapePath(posix.normalize(project.lock)),
  ];
  const find = (patterns: readonly string[]) => findFiles(root, patterns, ignore, whereabouts);
  const paths = pathsOf(project, (patterns) => {
    const found = find(patterns);
    appendAll(diagnostics, found.diagnostics);
    return found.paths;
  });
  if (paths.intents.length === 0 && diagnostics.length === 0) {
    const globs = project.intents.map((one) => `\`${one}\``).join(", ");
    diagnostics.push(loadRules.diagnose("no-intents", placeAt(project.doc, "spec", "intents"), { paths: globs }));
  }
  const known = [...paths.intents, ...paths.workloads.keys(), ...paths.templates.keys()];
  const builds = findKustomizations(project, find);
  appendAll(diagnostics, builds.diagnostics);
  const taken = new Set(known);
  const whole = [...known, ...builds.paths.filter((path) => !taken.has(path))];
  appendAll(
    diagnostics,
    findUnmatchedManifests(project, new Set(whole), (patterns) => find(patterns).paths),
  );
  const all = checkTotalSize(root, PROJECT_FILE, whole, most);
  if (all.tooLarge) return unusable([...diagnostics, all.tooLarge]);
  let tooMany: Diagnostic | undefined;
  const take = (read: SourceFile | Diagnostic, isQuiet = false): readonly SourceFile[] => {
    if (!("code" in read)) return [read];
    if (!isQuiet) diagnostics.push(read);
    return [];
  };
  // What nobody named, and cannot be read, is nobody's mistake.
  const found = new Set(project.kustomizations ? [] : builds.paths.filter((path) => !taken.has(path)));
  const read = (path: string): readonly SourceFile[] =>
    tooMany
      ? []
      : take(readFile(root, path, whereabouts), found.has(path)).map((one) => {
          tooMany = all.count(one.text);
          return one;
        });
  const intents = paths.intents.flatMap(read);
  const workloads = [...paths.workloads].flatMap(([path, namespace]) =>
    read(path).map((one) => ({ file: one, namespace })),
  );
  const manifests = new Map(workloads.map(({ file: one }) => [one.path, one]));
  const kustomizations = builds.paths.flatMap((path) => manifests.get(path) ?? (taken.has(path) ? [] : read(path)));
  const templates = [...paths.templates].flatMap(([path, name]) => read(path).map((one) => ({ name, file: one })));
  if (tooMany) return unusable([...diagnostics, tooMany]);
  const lock = existsSync(join(root, project.lock))
    ? take(readFile(root, project.lock, whereabouts, LOCK_MAX))[0]
    : undefined;
  return { inputs: { project: file, intents, workloads, lock, templates, kustomizations }, project, diagnostics };
}

/** `./out/` and `out` are the same folder. */
function asFolder(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/+$/, "");
}

interface Paths {
  readonly intents: readonly string[];
  /** With the namespace of objects that name none; sorted by path. */
  readonly workloads: ReadonlyMap<string, string | undefined>;
  /** With the names of the templates. */
  readonly templates: ReadonlyMap<string, string>;
}

function pathsOf(project: Project, find: (patterns: readonly string[]) => readonly string[]): Paths {
  const intents = find(project.intents);
  const workloads = workloadPaths(project, find);
  if (project.templates === undefined) return { intents, workloads, templates: new Map() };
  const folder = asFolder(project.templates);
  const templates = find([`${fastGlob.escapePath(folder)}/**/*.hbs`]);
  const nameOf = (path: string) => path.slice(folder.length + 1, -".hbs".length);
  return { intents, workloads, templates: new Map(templates.map((path) => [path, nameOf(path)])) };
}

/** A file that two entries match belongs to the one that gives it a namespace. */
function workloadPaths(
  project: Project,
  find: (patterns: readonly string[]) => readonly string[],
): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const { paths, namespace } of project.workloads)
    for (const path of find(paths)) found.set(path, found.get(path) ?? namespace);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
