import { posix } from "node:path";
import type { SourceFile } from "../source/source-file.ts";
import { type Kustomization, readKustomizations } from "./read-kustomizations.ts";

/** How kustomize and Flux place what a file says. */
export interface Placement {
  /** Takes the place of whatever namespace objects name themselves. */
  readonly forced: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
}

/** The namespace of an object in a file; `own`: the one that it names. */
export type NamespaceOf = (path: string, own?: string) => string;

export interface EstateLayout {
  readonly namespaceOf: NamespaceOf;
  /** Whether the files say the namespace at all. */
  readonly saysNamespace: (path: string) => boolean;
  /** Where several roots take a file in, and place it differently, every one of them. */
  readonly placements: (path: string) => readonly Placement[];
  readonly patchFiles: ReadonlySet<string>;
  readonly kustomizations: readonly Kustomization[];
}

const NONE: Placement = { forced: undefined, prefix: "", suffix: "" };

/** Follows kustomizations from their roots, as kustomize and Flux do. `otherwise`: what `kubectl apply` would take. */
export function readLayout(files: readonly SourceFile[], otherwise: string): EstateLayout {
  const { kustomizations, flux } = readKustomizations(files);
  const byFolder = new Map(kustomizations.map((one) => [one.folder, one]));
  const paths = files.map((file) => file.path);
  const found = new Map<string, Placement[]>();
  const walk = walker(byFolder, new Set(paths), found);
  const named = new Set(kustomizations.flatMap((one) => one.resources.map((entry) => posix.join(one.folder, entry))));
  const rooted = new Set<string>();
  for (const { folder, namespace } of flux) {
    const at = folderOf(folder, paths);
    if (at === undefined) continue;
    rooted.add(at);
    const placement = { ...NONE, forced: namespace };
    if (byFolder.has(at)) walk(at, placement, new Set());
    else
      for (const path of paths) if (isBelow(path, at) && !findNearest(path, byFolder, at)) add(found, path, placement);
  }
  for (const { folder, isComponent } of kustomizations)
    if (!named.has(folder) && !rooted.has(folder) && !isComponent) walk(folder, NONE, new Set());
  const patchFiles = new Set(
    kustomizations.flatMap((one) => one.patchFiles.map((path) => posix.join(one.folder, path))),
  );
  const placements = (path: string) => found.get(path) ?? [];
  const near = (path: string) => findNearest(path, byFolder, undefined)?.namespace ?? fluxOver(path, flux);
  return {
    namespaceOf: (path, own) => placements(path)[0]?.forced ?? own ?? near(path) ?? otherwise,
    saysNamespace: (path) => (placements(path)[0]?.forced ?? near(path)) !== undefined,
    placements,
    patchFiles,
    kustomizations,
  };
}

function walker(
  byFolder: ReadonlyMap<string, Kustomization>,
  paths: ReadonlySet<string>,
  found: Map<string, Placement[]>,
) {
  const walk = (folder: string, outer: Placement, above: ReadonlySet<string>): void => {
    const own = byFolder.get(folder);
    if (!own || above.has(folder)) return;
    const inside = new Set([...above, folder]);
    // Components change what their parent has gathered; the parent's own words come after theirs.
    const parts = own.components.flatMap((entry) => byFolder.get(posix.join(folder, entry)) ?? []);
    const inner = {
      forced: outer.forced ?? own.namespace ?? parts.findLast((one) => one.namespace !== undefined)?.namespace,
      prefix: outer.prefix + own.prefix,
      suffix: own.suffix + outer.suffix,
    };
    for (const entry of [...own.resources, ...own.components]) {
      const path = posix.join(folder, entry).replace(/\/$/, "");
      if (paths.has(path)) add(found, path, inner);
      else walk(path, inner, inside);
    }
  };
  return walk;
}

function add(found: Map<string, Placement[]>, path: string, one: Placement): void {
  const list = found.get(path);
  if (!list) found.set(path, [one]);
  else if (!list.some((other) => JSON.stringify(other) === JSON.stringify(one))) list.push(one);
}

function isBelow(path: string, folder: string): boolean {
  return folder === "." || path.startsWith(`${folder}/`);
}

/** The kustomization nearest above a file; with `within`, none above that folder. */
function findNearest(
  path: string,
  byFolder: ReadonlyMap<string, Kustomization>,
  within: string | undefined,
): Kustomization | undefined {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const own = byFolder.get(folder);
    if (own && (within !== undefined || own.namespace !== undefined)) return own;
    if (folder === posix.dirname(folder) || folder === within) return undefined;
  }
}

/** A folder of the repository among files that may be only a part of it. */
function folderOf(written: string, paths: readonly string[]): string | undefined {
  const folder = posix.normalize(written.replace(/^\/+/, "")).replace(/\/$/, "");
  if (paths.some((path) => isBelow(path, folder))) return folder;
  const steps = folder.split("/");
  for (let from = 1; from < steps.length; from++) {
    const rest = steps.slice(from).join("/");
    if (paths.some((path) => isBelow(path, rest))) return rest;
  }
  return paths.map((path) => posix.dirname(path)).find((one) => one.endsWith(`/${folder}`));
}

/** What lies below the folder of a Flux Kustomization and in no kustomization that was followed. */
function fluxOver(path: string, flux: readonly { readonly folder: string; readonly namespace: string | undefined }[]) {
  const whole = `/${posix.dirname(path)}/`;
  const over = flux.filter((one) =>
    whole.includes(`/${posix.normalize(one.folder.replace(/^\/+/, "")).replace(/\/$/, "")}/`),
  );
  return over.sort((a, b) => b.folder.length - a.folder.length)[0]?.namespace;
}
