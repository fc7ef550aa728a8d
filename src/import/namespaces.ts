import type { SourceFile } from "../source/source-file.ts";
import { type NamespaceOf, readLayout } from "./layout.ts";

export type { NamespaceOf } from "./layout.ts";

/** The namespace of what stands in a file, as kustomize, Flux and then `kubectl apply` set it. */
export function createNamespaceLookup(files: readonly SourceFile[], otherwise: string): NamespaceOf {
  return readLayout(files, otherwise).namespaceOf;
}
