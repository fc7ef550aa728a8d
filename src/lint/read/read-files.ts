import type { SourceFile } from "../../source/source-file.ts";
import { type LintDocument, readPart, type UnreadPart } from "./lint-document.ts";
import { type LintObject, listObjects } from "./lint-object.ts";
import { mayConcernRules, splitDocuments } from "./yaml-documents.ts";

/** Everything of a repository that a rule could have an opinion on. */
export interface LintInput {
  readonly objects: readonly LintObject[];
  /** Files that hold any of them. */
  readonly files: readonly SourceFile[];
  readonly documents: number;
  readonly templated: readonly string[];
  readonly unread: readonly UnreadPart[];
  /** Documents in which keys may stand twice. */
  readonly slow: readonly LintDocument[];
  /** What says which files are applied together. */
  readonly kustomizations: readonly LintObject[];
  /** Whether one of what could not be read may define a network. */
  readonly unreadNetworks: boolean;
}

/** A primary network of OVN-Kubernetes wants a label on its namespaces: then they are read as well. */
const PRIMARY = /UserDefinedNetwork[\s\S]*role:\s*["']?Primary/;
const NAMESPACE = /^kind:\s*["']?Namespace\b/m;

const KUSTOMIZATION = /^kind:\s*["']?(Kustomization|Component)\b|^(resources|components|bases):/m;

/** Kustomizations of a repository that has networks. Their own documents are not about networks. */
function readKustomizations(files: readonly SourceFile[], isWanted: boolean): readonly LintObject[] {
  if (!isWanted) return [];
  return files.flatMap((file) =>
    splitDocuments(file, (text) => KUSTOMIZATION.test(text)).flatMap((part) => {
      const read = readPart(part);
      if (!read || "offset" in read) return [];
      return listObjects(read).filter(({ kind }) => kind === "Kustomization" || kind === "Component" || kind === "");
    }),
  );
}

export function readFiles(files: readonly SourceFile[]): LintInput {
  const namespaces = files.some(({ text }) => PRIMARY.test(text));
  const wanted = (text: string) => mayConcernRules(text) || (namespaces && NAMESPACE.test(text));
  const objects: LintObject[] = [];
  const seen: SourceFile[] = [];
  const templated: string[] = [];
  const unread: UnreadPart[] = [];
  const slow: LintDocument[] = [];
  let documents = 0;
  for (const file of files) {
    const parts = splitDocuments(file, wanted);
    if (parts.length > 0) seen.push(file);
    if (parts.some((part) => part.templated)) templated.push(file.path);
    for (const part of parts) {
      const read = readPart(part);
      if (!read) continue;
      if ("offset" in read) {
        unread.push(read);
        continue;
      }
      documents++;
      if (read.isSlow) slow.push(read);
      objects.push(...listObjects(read));
    }
  }
  const unreadNetworks = unread.some(({ part }) => part.text.includes("NetworkAttachmentDefinition"));
  return {
    objects,
    files: seen,
    documents,
    templated,
    unread,
    slow,
    unreadNetworks,
    kustomizations: readKustomizations(files, seen.length > 0),
  };
}
