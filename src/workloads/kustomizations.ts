import { type NodePlace, placeAt, type SourceDocument } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readDocuments } from "../yaml/read-documents.ts";
import { findValue } from "../yaml/span.ts";

/** The kustomizations of the repository: which of them build a manifest, and which components they name. */
export interface Kustomizations {
  /** Where kustomizations list a file among their resources. Empty: none does, as far as they are known. */
  listing(file: string): readonly Listing[];
  /** Paths of all components that somebody names, from the project's folder on, and where. Sorted. */
  readonly named: ReadonlyMap<string, NodePlace>;
}

export interface Listing {
  /** The folder of the kustomization, from the project's folder on; empty: that folder itself. */
  readonly folder: string;
  readonly place: NodePlace;
  /** Whether it names components already. */
  readonly hasComponents: boolean;
  /** The namespace that it gives to all that it builds. */
  readonly namespace: string | undefined;
  /** Kustomizations that take this one in, and that none takes in: where clusters differ. Itself, where there are none. */
  readonly roots: readonly Listing[];
}

interface Kustomization {
  readonly doc: SourceDocument;
  readonly folder: string;
  readonly hasComponents: boolean;
  readonly namespace: string | undefined;
}

interface Reference {
  readonly by: Kustomization;
  readonly place: NodePlace;
}

const KUSTOMIZE = "kustomize.config.k8s.io/";

/** `files` are of kustomize; among `manifests`, Flux's Kustomizations name components too. `prefix` leads from the git root to the project. */
export function readKustomizations(
  files: readonly SourceFile[],
  manifests: readonly SourceFile[] = [],
  prefix = "",
): Kustomizations {
  const listed = new Map<string, Reference[]>();
  const named = new Map<string, NodePlace>();
  const read = new Set<string>();
  for (const file of files) {
    if (read.has(file.path)) continue;
    read.add(file.path);
    for (const doc of readDocuments(file, "manifest").documents) addKustomization(doc, listed, named);
  }
  for (const file of manifests)
    if (file.text.includes("toolkit.fluxcd.io/") && file.text.includes("components"))
      for (const doc of readDocuments(file, "manifest").documents) addFlux(doc, resolve("", prefix), named);
  const listingOf = ({ by, place }: Reference, roots: readonly Listing[]): Listing => {
    return { folder: by.folder, place, hasComponents: by.hasComponents, namespace: by.namespace, roots };
  };
  return {
    named: new Map([...named].sort(([a], [b]) => (a < b ? -1 : 1))),
    listing: (file) =>
      (listed.get(file) ?? []).map((one) =>
        listingOf(
          one,
          rootsOf(one, listed).map((root) => listingOf(root, [])),
        ),
      ),
  };
}

function addKustomization(doc: SourceDocument, listed: Map<string, Reference[]>, named: Map<string, NodePlace>): void {
  if (!isKustomization(doc)) return;
  const folder = findFolder(doc.file.path);
  const namespace = findValue(doc.value, ["namespace"]);
  const by = {
    doc,
    folder,
    hasComponents: Array.isArray(findValue(doc.value, ["components"])),
    namespace: typeof namespace === "string" ? namespace : undefined,
  };
  for (const key of ["resources", "bases", "components"])
    for (const [index, entry] of readTexts(doc, key)) {
      const path = resolve(folder, entry);
      if (path === undefined) continue;
      const reference = { by, place: placeAt(doc, key, index) };
      if (key === "components" && !named.has(path)) named.set(path, reference.place);
      const list = listed.get(path);
      if (list) list.push(reference);
      else listed.set(path, [reference]);
    }
}

/** `apiVersion` and `kind` may be left out: the name of the file says it. */
export function isKustomization(doc: SourceDocument): boolean {
  const apiVersion = findValue(doc.value, ["apiVersion"]);
  return apiVersion === undefined || (typeof apiVersion === "string" && apiVersion.startsWith(KUSTOMIZE));
}

function addFlux(doc: SourceDocument, prefix: string | undefined, named: Map<string, NodePlace>): void {
  const read = (...path: string[]) => findValue(doc.value, path);
  const [apiVersion, folder] = [read("apiVersion"), read("spec", "path")];
  if (typeof apiVersion !== "string" || !apiVersion.startsWith("kustomize.toolkit.fluxcd.io/")) return;
  const base = resolve("", typeof folder === "string" ? folder : "") ?? "";
  for (const [index, entry] of readTexts(doc, "spec", "components")) {
    const path = resolve(base, entry);
    const own = prefix && path?.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;
    if (own !== undefined && !named.has(own)) named.set(own, placeAt(doc, "spec", "components", index));
  }
}

export function readTexts(doc: SourceDocument, ...path: string[]): readonly (readonly [index: number, text: string])[] {
  const list = findValue(doc.value, path);
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((one, index) => (typeof one === "string" ? [[index, one] as const] : []));
}

/** Follows folders upwards to the kustomizations that no other one takes in. */
function rootsOf(first: Reference, listed: ReadonlyMap<string, readonly Reference[]>): readonly Reference[] {
  const roots = new Map<string, Reference>();
  const seen = new Set([first.by.folder]);
  const open = [first];
  for (let one = open.pop(); one; one = open.pop()) {
    const above = listed.get(one.by.folder) ?? [];
    if (above.length === 0) roots.set(one.by.folder, one);
    for (const next of above)
      if (!seen.has(next.by.folder)) {
        seen.add(next.by.folder);
        open.push(next);
      }
  }
  return [...roots.values()].sort((a, b) => (a.by.folder < b.by.folder ? -1 : 1));
}

export function findFolder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** `apps/shop` and `../base` as `apps/base`; undefined for what leads elsewhere: an address, or a path out of the project. */
export function resolve(folder: string, relative: string): string | undefined {
  if (/^[a-z+]+:\/\/|^git@/.test(relative)) return undefined;
  const steps = folder.split("/").filter((one) => one !== "");
  for (const step of relative.split("/")) {
    if (step === ".." && steps.length === 0) return undefined;
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return steps.join("/");
}

/** The way from a folder to a path, both from the project's folder on. */
export function computeRelativePath(folder: string, path: string): string {
  const from = folder.split("/").filter((one) => one !== "");
  const to = path.split("/");
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/");
}
