import { type Document, parseDocument, type YAMLError } from "yaml";
import { isLeftBracket } from "../../yaml/compose-manifests.ts";
import { applyGoYamlDialect } from "../../yaml/go-yaml-dialect.ts";
import { type IndentedText, indentQuotedLines } from "../../yaml/indent-quoted.ts";
import type { DocumentText } from "./yaml-documents.ts";

/** A part with the places of its nodes. */
export interface ComposedPart {
  readonly document: Document;
  /** The text that was composed. */
  readonly text: string;
  /** An offset of that text as one of the file. */
  inFile(offset: number): number;
  /** The first thing that kubectl's reader would not take either. */
  readonly error: { readonly offset: number; readonly message: string } | undefined;
}

/** What the `yaml` package calls an error, and go-yaml takes: also brackets that close too far to the left. */
function isTakenByGo(error: YAMLError): boolean {
  return ["DUPLICATE_KEY", "MULTIPLE_DOCS", "BAD_DIRECTIVE"].includes(error.code) || isLeftBracket(error);
}

const composed = new WeakMap<DocumentText, ComposedPart>();

/** Reads a part with the `yaml` package, as tolerantly as kubectl's own reader. Kept, since findings ask again. */
export function composePart(part: DocumentText): ComposedPart {
  const known = composed.get(part);
  if (known) return known;
  const plain = attempt(part, { text: part.text, original: (offset) => offset });
  const result = plain.error ? chooseBetter(plain, attempt(part, indentQuotedLines(part.text))) : plain;
  composed.set(part, result);
  return result;
}

function chooseBetter(first: ComposedPart, second: ComposedPart): ComposedPart {
  return second.error ? first : second;
}

function attempt(part: DocumentText, { text, original }: IndentedText): ComposedPart {
  const document = parseDocument(text, {
    uniqueKeys: false,
    strict: false,
    logLevel: "silent",
    prettyErrors: false,
    merge: true,
  });
  const error = document.errors.find((one) => !isTakenByGo(one));
  const merge = error ? undefined : applyGoYamlDialect(document).find(({ what }) => what === "merge");
  const wrong = error
    ? { at: error.pos[0], message: error.message }
    : merge && { at: merge.start, message: merge.word };
  return {
    document,
    text,
    inFile: (offset) => part.start + original(offset),
    error: wrong && { offset: part.start + original(wrong.at), message: wrong.message },
  };
}
