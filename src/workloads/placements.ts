import type { WorkloadFile } from "../ir/compiled.ts";
import type { SourceDocument } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readDocuments } from "../yaml/read-documents.ts";
import { findValue } from "../yaml/span.ts";
import { findFolder, isKustomization, readTexts, resolve } from "./kustomizations.ts";

/** What builds a file or a folder, and the namespace that it gives to all of it. */
interface Builder {
  /** The folder of a kustomization; undefined: Flux or Argo CD, which nothing takes in. */
  readonly folder: string | undefined;
  readonly namespace: string | undefined;
  /** How it changes what it builds, beside the namespace. */
  readonly changes: readonly string[];
}

/** Keys that change a pod, a policy or a network. Names and numbers of replicas move no border. */
const CHANGING = [
  "commonLabels",
  "labels",
  "patches",
  "patchesJson6902",
  "patchesStrategicMerge",
  "replacements",
  "transformers",
  "vars",
];

/**
 * The manifests in the namespaces that kustomizations give them: `namespace` of a kustomization takes the place of what a
 * manifest names. What is built several times stands for each of its namespaces once. `prefix` leads from the git root to the project.
 */
export function placeInNamespaces(
  files: readonly WorkloadFile[],
  kustomizations: readonly SourceFile[],
  prefix: string,
): readonly WorkloadFile[] {
  const builders = new Map<string, Builder[]>();
  const docs = kustomizations.flatMap((file) => readDocuments(file, "manifest").documents.filter(isKustomization));
  const own = new Map(docs.map((doc) => [findFolder(doc.file.path), ownOf(doc)]));
  for (const doc of docs) addResources(doc, own, builders);
  for (const { file } of files)
    if (APPLIER.test(file.text))
      for (const doc of readDocuments(file, "manifest").documents) addApplier(doc, prefix, builders);
  const isPlain = (one: Builder) => one.namespace === undefined && one.changes.length === 0;
  if ([...builders.values()].every((list) => list.every(isPlain))) return files;
  const namespacesOf = createNamespaceLookup(builders);
  const changesOf = createChangeLookup(builders);
  return files.flatMap((plain) => {
    const changes = changesOf(plain.file.path);
    const one = changes.size === 0 ? plain : { ...plain, changedBy: [...changes].sort() };
    const found = namespacesOf(one.file.path);
    // Whoever says the namespace in plumbline.yaml has chosen one of them.
    if (one.namespace !== undefined && found.has(one.namespace)) return [{ ...one, placed: one.namespace }];
    return found.size === 0 ? [one] : [...found].map((placed) => (placed === undefined ? one : { ...one, placed }));
  });
}

/** Texts that may hold a Kustomization of Flux or an Application. */
const APPLIER = /kustomize\.toolkit\.fluxcd\.io|argoproj\.io/;

type Own = Pick<Builder, "namespace" | "changes">;

function ownOf(doc: SourceDocument): Own {
  const changes = CHANGING.filter((key) => findValue(doc.value, [key]) !== undefined);
  const words = changes.length === 0 ? [] : [`${changes.map((key) => `\`${key}\``).join(" and ")} of ${doc.file.path}`];
  return { namespace: namespaceAt(doc, "namespace"), changes: words };
}

function addResources(doc: SourceDocument, known: ReadonlyMap<string, Own>, builders: Map<string, Builder[]>): void {
  const folder = findFolder(doc.file.path);
  const pathsAt = (key: string) => readTexts(doc, key).flatMap(([, entry]) => resolve(folder, entry) ?? []);
  const components = pathsAt("components");
  const parts = components.flatMap((path) => known.get(path) ?? []);
  const own = ownOf(doc);
  // A component changes what its kustomization has gathered; the kustomization's own namespace comes after.
  const namespace = own.namespace ?? parts.findLast((one) => one.namespace !== undefined)?.namespace;
  const by = { folder, namespace, changes: [...own.changes, ...parts.flatMap((one) => one.changes)] };
  for (const path of [...pathsAt("resources"), ...pathsAt("bases"), ...components]) add(builders, path, by);
}

/** A folder that Flux or Argo CD builds: with the kustomization that is in it, or else with all files below it. */
function addApplier(doc: SourceDocument, prefix: string, builders: Map<string, Builder[]>): void {
  const apiVersion = findValue(doc.value, ["apiVersion"]);
  if (typeof apiVersion !== "string") return;
  const isFlux = apiVersion.startsWith("kustomize.toolkit.fluxcd.io/");
  if (!isFlux && !apiVersion.startsWith("argoproj.io/")) return;
  const path = findValue(doc.value, isFlux ? ["spec", "path"] : ["spec", "source", "path"]);
  const namespace = isFlux
    ? namespaceAt(doc, "spec", "targetNamespace")
    : namespaceAt(doc, "spec", "source", "kustomize", "namespace");
  const patched = isFlux ? ["spec", "patches"] : ["spec", "source", "kustomize", "patches"];
  const changes =
    findValue(doc.value, patched) === undefined ? [] : [`\`${patched.slice(1).join(".")}\` in ${doc.file.path}`];
  if (namespace === undefined && changes.length === 0) return;
  const whole = resolve("", typeof path === "string" ? path : "");
  const root = resolve("", prefix) ?? "";
  if (whole === undefined) return;
  const below = root === "" ? whole : whole.startsWith(`${root}/`) ? whole.slice(root.length + 1) : undefined;
  add(builders, whole === root ? "" : below, { folder: undefined, namespace, changes });
}

function add(builders: Map<string, Builder[]>, path: string | undefined, by: Builder): void {
  if (path === undefined) return;
  const list = builders.get(path);
  if (list) list.push(by);
  else builders.set(path, [by]);
}

/** A namespace that is filled in later (`${NAMESPACE}`) is none that is known. */
function namespaceAt(doc: SourceDocument, ...path: string[]): string | undefined {
  const found = findValue(doc.value, path);
  return typeof found === "string" && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(found) ? found : undefined;
}

type Namespaces = ReadonlySet<string | undefined>;

/** The namespaces that a file ends in; `undefined` among them: somebody builds it and leaves what it names. Empty: nobody builds it. */
function createNamespaceLookup(builders: ReadonlyMap<string, readonly Builder[]>): (file: string) => Namespaces {
  const known = new Map<string, Namespaces>();
  const open = new Set<string>();
  const outside = (folder: string): Namespaces => {
    const found = known.get(folder);
    if (found) return found;
    if (open.has(folder)) return new Set();
    open.add(folder);
    const made = of(folder);
    open.delete(folder);
    known.set(folder, made);
    return made;
  };
  /** Outer kustomizations come last, so theirs is the namespace that stays. */
  const of = (path: string): Namespaces => {
    const all = new Set<string | undefined>();
    for (const { folder, namespace } of builders.get(path) ?? []) {
      const above = folder === undefined ? undefined : outside(folder);
      if (above === undefined || above.size === 0) all.add(namespace);
      else for (const one of above) all.add(one ?? namespace);
    }
    return all;
  };
  return (file) => {
    const own = of(file);
    return own.size > 0 ? own : new Set(applierAbove(file, builders).map((one) => one.namespace));
  };
}

/** How a file is changed on all its ways out. */
function createChangeLookup(builders: ReadonlyMap<string, readonly Builder[]>): (file: string) => ReadonlySet<string> {
  const known = new Map<string, Set<string>>();
  const of = (path: string): ReadonlySet<string> => {
    const found = known.get(path);
    if (found) return found;
    const all = new Set<string>();
    // Known before it is whole, so that a circle ends.
    known.set(path, all);
    for (const { folder, changes } of builders.get(path) ?? []) {
      for (const one of changes) all.add(one);
      if (folder !== undefined) for (const one of of(folder)) all.add(one);
    }
    return all;
  };
  return (file) =>
    builders.has(file) ? of(file) : new Set(applierAbove(file, builders).flatMap((one) => one.changes));
}

/** Whoever builds a file that is in no kustomization, by a folder that it is in. */
function applierAbove(file: string, builders: ReadonlyMap<string, readonly Builder[]>): readonly Builder[] {
  for (let folder = findFolder(file); ; folder = findFolder(folder)) {
    const found = (builders.get(folder) ?? []).filter((one) => one.folder === undefined);
    if (found.length > 0 || folder === "") return found;
  }
}
