import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceDocument } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readDocuments } from "../yaml/read-documents.ts";

/** Texts to documents: every file once, its documents in order. */
export function parseFiles(files: readonly SourceFile[]): {
  readonly value: readonly SourceDocument[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const read = files.map((file) => readDocuments(file, "intent"));
  return { value: read.flatMap((one) => one.documents), diagnostics: read.flatMap((one) => one.diagnostics) };
}
