import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LintFinding } from "../finding.ts";
import { isFields, type LintObject, readField, readText } from "../read/lint-object.ts";

export function findFolder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** Which files are applied together, as far as kustomizations say. */
export interface AppliedTogether {
  /** Whether one kustomization leads to both files, or they are one. */
  areAppliedTogether(a: string, b: string): boolean;
  /** Whether a kustomization leads to the file. */
  isLed(file: string): boolean;
}

interface Source {
  readonly path: string;
  /** Files and folders that it leads to, from the root of the repository. */
  readonly targets: readonly string[];
}

const KUSTOMIZATION = /(^|\/)kustomization\.ya?ml$/i;

/** As deep as kustomizations lead to one another in any repository. */
const DEPTH_MAX = 40;

/** `apps/../base/net.yaml` as `base/net.yaml`. */
function resolve(folder: string, relative: string): string {
  const steps: string[] = relative.startsWith("/") ? [] : folder.split("/").filter((one) => one !== "");
  for (const step of relative.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return steps.join("/");
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly unknown[]).flatMap((one) => readText(one) ?? []) : [];
}

/** A Kustomization of kustomize leads to its resources and components, one of Flux to its path. */
function sourceOf(object: LintObject): Source | undefined {
  const { path } = object.doc.part.file;
  // The kind may be left out where the name of the file says it.
  if (object.kind !== "Kustomization" && object.kind !== "Component" && !KUSTOMIZATION.test(path)) return undefined;
  const flux = readText(readField(object, "spec", "path"));
  if (flux !== undefined) return { path, targets: [resolve("", flux)] };
  const { resources, components, bases, patches } = object.value;
  const patched = (Array.isArray(patches) ? (patches as readonly unknown[]) : []).flatMap((one) =>
    isFields(one) ? (readText(one.path) ?? []) : [],
  );
  const all = [...texts(resources), ...texts(components), ...texts(bases), ...patched];
  return { path, targets: all.filter((one) => !one.includes("://")).map((one) => resolve(findFolder(path), one)) };
}

/** Follows every kustomization to the files that it leads to. */
export function followKustomizations(objects: readonly LintObject[]): AppliedTogether {
  const byFile = new Map<string, Source[]>();
  const byFolder = new Map<string, string>();
  for (const object of objects) {
    const source = sourceOf(object);
    if (!source) continue;
    if (KUSTOMIZATION.test(source.path)) byFolder.set(findFolder(source.path), source.path);
    const list = byFile.get(source.path);
    if (list) list.push(source);
    else byFile.set(source.path, [source]);
  }
  const roots = new Map<string, Set<string>>();
  for (const root of byFile.keys()) mark(root, byFile, byFolder, roots);
  return {
    isLed: (file) => roots.has(file),
    areAppliedTogether(a, b) {
      if (a === b) return true;
      const own = roots.get(a);
      const other = roots.get(b);
      return own !== undefined && other !== undefined && [...own].some((root) => other.has(root));
    },
  };
}

function mark(
  root: string,
  byFile: ReadonlyMap<string, readonly Source[]>,
  byFolder: ReadonlyMap<string, string>,
  roots: Map<string, Set<string>>,
): void {
  const seen = new Set<string>();
  const visit = (path: string, depth: number): void => {
    const file = byFolder.get(path) ?? path;
    if (seen.has(file) || depth > DEPTH_MAX) return;
    seen.add(file);
    const known = roots.get(file);
    if (known) known.add(root);
    else roots.set(file, new Set([root]));
    for (const { targets } of byFile.get(file) ?? []) for (const target of targets) visit(target, depth + 1);
  };
  visit(root, 0);
}

/** Findings about two files that are often two alternatives, of which one is applied. */
const ALTERNATIVES = ["nad/ovn-name-differs", "nad/defined-twice"];

/**
 * A finding that needs two files only holds where both are applied. Without a kustomization that says so, an error is a
 * warning, and what may as well be a choice between the two is a note.
 */
export function relaxAcrossFiles(finding: LintFinding, joined: AppliedTogether): LintFinding {
  const { diagnostic } = finding;
  const isChoice = ALTERNATIVES.includes(diagnostic.code);
  if (diagnostic.severity !== "error" && !isChoice) return finding;
  const own = fileOf(diagnostic.place);
  const others = diagnostic.related.map((one) => fileOf(one.place));
  const other = others.find((one) => one !== undefined && own !== undefined && !joined.areAppliedTogether(own, one));
  if (other === undefined) return finding;
  const note = `it holds if this file and ${other} are applied together`;
  return {
    ...finding,
    diagnostic: { ...diagnostic, severity: isChoice ? "note" : "warning", notes: [...diagnostic.notes, note] },
  };
}

function fileOf(place: Diagnostic["place"]): string | undefined {
  return place && "file" in place ? place.file.path : undefined;
}
