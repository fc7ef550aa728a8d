import { positionAt } from "../../source/source-file.ts";
import { redact } from "../secrets.ts";
import type { Located, ShownSpan } from "./sorted.ts";
import { spellJson } from "./spell-json.ts";
import { suggestedEdit } from "./suggested-edit.ts";

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

export function rangeOf(span: ShownSpan): JsonRange {
  const start = positionAt(span.file, span.start);
  const end = positionAt(span.file, span.end);
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
export function jsonOf({ diagnostic, span, related }: Located) {
  const edit = suggestedEdit(diagnostic);
  const edited = edit && span && { ...edit, shownPath: shownLike(span, edit.file.path) };
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: redact(diagnostic.message),
    range: span ? rangeOf(span) : null,
    label: diagnostic.label === undefined ? null : redact(diagnostic.label),
    related: related.map((one) => ({ range: rangeOf(one.span), label: redact(one.label) })),
    notes: diagnostic.notes.map(redact),
    help: diagnostic.help === undefined ? null : redact(diagnostic.help),
    fix: edited ? { range: rangeOf(edited), text: edited.text } : null,
  };
}

/** The path of a file of the same project as that of a span. */
function shownLike(span: ShownSpan, path: string): string {
  return span.shownPath.slice(0, span.shownPath.length - span.file.path.length) + path;
}

/** One JSON array. */
export function formatJson(located: readonly Located[]): string {
  return `${spellJson(located.map(jsonOf))}\n`;
}
