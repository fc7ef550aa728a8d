import { findPosition } from "../../source/source-file.ts";
import { redactText } from "../secrets.ts";
import type { DisplaySpan, LocatedFinding } from "./sort-findings.ts";
import { stringifySafely } from "./stringify-safely.ts";
import { suggestEdit } from "./suggested-edit.ts";

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

export function toJsonRange(span: DisplaySpan): JsonRange {
  const start = findPosition(span.file, span.start);
  const end = findPosition(span.file, span.end);
  return {
    file: span.shownPath,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    offset: span.start,
    endOffset: span.end,
  };
}

/** A finding for programs: what it says holds no secret, and where it stands is resolved. */
export function toJson({ diagnostic, span, related }: LocatedFinding) {
  const edit = suggestEdit(diagnostic);
  const edited = edit && span && { ...edit, shownPath: shownLike(span, edit.file.path) };
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: redactText(diagnostic.message),
    range: span ? toJsonRange(span) : null,
    label: diagnostic.label === undefined ? null : redactText(diagnostic.label),
    related: related.map((one) => ({ range: toJsonRange(one.span), label: redactText(one.label) })),
    notes: diagnostic.notes.map(redactText),
    help: diagnostic.help === undefined ? null : redactText(diagnostic.help),
    fix: edited ? { range: toJsonRange(edited), text: edited.text } : null,
  };
}

/** The path of a file of the same project as that of a span. */
function shownLike(span: DisplaySpan, path: string): string {
  return span.shownPath.slice(0, span.shownPath.length - span.file.path.length) + path;
}

/** One JSON array. */
export function formatJson(located: readonly LocatedFinding[]): string {
  return `${stringifySafely(located.map(toJson))}\n`;
}
