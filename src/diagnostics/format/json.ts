import { positionAt } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";
import { spanOf } from "../../source/span.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { redact } from "../secrets.ts";
import { sorted } from "./sorted.ts";

/** Where something stands: 1-based lines and columns, 0-based offsets in UTF-16 units. */
export interface JsonRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly offset: number;
  readonly endOffset: number;
}

export function rangeOf(span: Span): JsonRange {
  const start = positionAt(span.file, span.start);
  const end = positionAt(span.file, span.end);
  return {
    file: span.file.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    offset: span.start,
    endOffset: span.end,
  };
}

/** For programs: one JSON array. */
export function formatJson(diagnostics: readonly Diagnostic[]): string {
  const all = sorted(diagnostics).map(({ diagnostic, span }) => ({
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: redact(diagnostic.message),
    range: span ? rangeOf(span) : null,
    label: diagnostic.label ?? null,
    related: diagnostic.related.map((one) => ({ range: rangeOf(spanOf(one.place)), label: one.label })),
    notes: diagnostic.notes.map(redact),
    help: diagnostic.help === undefined ? null : redact(diagnostic.help),
  }));
  return `${JSON.stringify(all, null, 2)}\n`;
}
