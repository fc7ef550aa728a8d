import { posix } from "node:path";
import type { SourceFile } from "../source/source-file.ts";

/** The namespace of objects in a file that name none. */
export type NamespaceOf = (path: string) => string;

const KUSTOMIZATION = /(^|\/)kustomization\.ya?ml$|(^|\/)Kustomization$/;
const NAMESPACE = /^namespace:\s*["']?([a-z0-9-]+)["']?\s*(?:#.*)?$/m;
const FLUX = "kustomize.toolkit.fluxcd.io";
/** An anchor may stand before the value. */
const TARGET = /^\s+targetNamespace:\s*(?:&\S+\s+)?["']?([a-z0-9-]+)/m;
const PATH = /^\s+path:\s*["']?(?:\.\/)?([^"'\s]+)/m;

/**
 * As kustomize and Flux set it: the `namespace` of the nearest kustomization.yaml above, else the `targetNamespace` of the
 * Flux Kustomization for the folder. Without either, what `kubectl apply` would take.
 */
export function namespacesOf(files: readonly SourceFile[], otherwise: string): NamespaceOf {
  const byFolder = new Map<string, string>();
  const targets: { readonly folder: string; readonly namespace: string }[] = [];
  for (const { path, text } of files) {
    const own = KUSTOMIZATION.test(path) && !text.includes(FLUX) ? NAMESPACE.exec(text)?.[1] : undefined;
    if (own !== undefined) byFolder.set(posix.dirname(path), own);
    if (!text.includes(FLUX)) continue;
    for (const document of text.split(/^---/m)) {
      const [namespace, folder] = [TARGET.exec(document)?.[1], PATH.exec(document)?.[1]];
      if (namespace !== undefined && folder !== undefined) targets.push({ folder, namespace });
    }
  }
  targets.sort((a, b) => b.folder.length - a.folder.length || (a.folder < b.folder ? -1 : 1));
  return (path) => {
    for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
      const namespace = byFolder.get(folder);
      if (namespace !== undefined) return namespace;
      if (folder === posix.dirname(folder)) break;
    }
    const whole = `/${posix.dirname(path)}/`;
    return targets.find(({ folder }) => whole.includes(`/${folder.replace(/\/$/, "")}/`))?.namespace ?? otherwise;
  };
}
