import { positionAt } from "../../source/source-file.ts";
import { type Span, spanOf } from "../../source/span.ts";
import type { Diagnostic } from "../diagnostic.ts";

/** A stretch of a text, with the path under which it is shown. */
export interface ShownSpan extends Span {
  readonly shownPath: string;
}

/** A finding with the places that it has in the texts. */
export interface Located {
  readonly diagnostic: Diagnostic;
  readonly span: ShownSpan | undefined;
  readonly related: readonly { readonly span: ShownSpan; readonly label: string }[];
}

/** By file, then offset, then code; those without a place first. `folder` is put before every path. */
export function sorted(diagnostics: readonly Diagnostic[], folder = ""): readonly Located[] {
  const shown = (span: Span): ShownSpan => ({ ...span, shownPath: folder + span.file.path });
  const located = diagnostics.map(
    (diagnostic): Located => ({
      diagnostic,
      span: diagnostic.place && shown(spanOf(diagnostic.place)),
      related: diagnostic.related.map(({ place, label }) => ({ span: shown(spanOf(place)), label })),
    }),
  );
  return located.sort(
    (a, b) =>
      compared(a.span?.file.path ?? "", b.span?.file.path ?? "") ||
      (a.span?.start ?? 0) - (b.span?.start ?? 0) ||
      compared(a.diagnostic.code, b.diagnostic.code),
  );
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a span is the file as a whole: then there is no line worth showing. */
export function isWhole(span: Span): boolean {
  return span.start === 0 && span.end === 0;
}

/** `intents/zones/pci.yaml:7:3`. */
export function shownPlace(span: ShownSpan): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${span.shownPath}:${line}:${column}`;
}
