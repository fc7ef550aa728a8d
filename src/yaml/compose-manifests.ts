import { type Document, parseAllDocuments, type YAMLError } from "yaml";
import type { SourceFile } from "../source/source-file.ts";
import { applyGoYamlDialect, type YamlAmbiguity } from "./go-yaml-dialect.ts";
import { type IndentedText, indentQuotedLines } from "./indent-quoted.ts";

/** Documents, and the text that they were composed of: line by line the one asked for, with blanks put in. */
export interface ComposedManifests extends IndentedText {
  readonly documents: readonly Document.Parsed[];
  /** What is not clear in each document that has no error. */
  readonly odd: ReadonlyMap<Document, readonly YamlAmbiguity[]>;
}

/** Brackets that close too far to the left: an error of YAML 1.2, and none to go-yaml. */
export function isLeftBracket({ code, message }: YAMLError): boolean {
  return code === "BAD_INDENT" && /sufficiently indented/.test(message) && !/and end with/.test(message);
}

/**
 * Composes what Kubernetes owns as kubectl, Argo CD and Flux read it: annotations over several lines mostly end at the left
 * of their key, and words and merge keys mean what they do to go-yaml. Errors that stay are in the documents; a key that
 * stands twice is none of them (`findDuplicateKey`).
 */
export function composeManifests(text: string): ComposedManifests {
  const plain = compose({ text, original: (offset) => offset });
  if (!plain.documents.some((one) => one.errors.length > 0)) return plain;
  const indented = compose(indentQuotedLines(text));
  return indented.documents.some((one) => one.errors.length > 0) ? plain : indented;
}

function compose(indented: IndentedText): ComposedManifests {
  const options = { prettyErrors: false, logLevel: "silent", version: "1.2", merge: true, uniqueKeys: false } as const;
  const all = parseAllDocuments(indented.text, options);
  const documents = Array.isArray(all) ? (all as readonly Document.Parsed[]) : [];
  const odd = new Map<Document, readonly YamlAmbiguity[]>();
  for (const one of documents) {
    one.errors = one.errors.filter((error) => !isLeftBracket(error));
    if (one.errors.length === 0) odd.set(one, applyGoYamlDialect(one));
  }
  return { ...indented, documents, odd };
}

const kept = new WeakMap<SourceFile, ComposedManifests>();

/** Composes a file for two who read it one after the other, as `readCached` does; nobody changes what comes of it. */
export function composeCached(file: SourceFile): ComposedManifests {
  const known = kept.get(file);
  if (known) {
    kept.delete(file);
    return known;
  }
  const made = composeManifests(file.text);
  kept.set(file, made);
  return made;
}
