import { fileOf } from "../../source/place.ts";
import { positionAt } from "../../source/source-file.ts";
import { type Span, spanOf } from "../../source/span.ts";
import type { Diagnostic } from "../diagnostic.ts";

/** A finding with the place that it has in the text. */
export interface Located {
  readonly diagnostic: Diagnostic;
  readonly span: Span | undefined;
}

/** By file, then offset, then code; those without a place first. */
export function sorted(diagnostics: readonly Diagnostic[]): readonly Located[] {
  const located = diagnostics.map((diagnostic) => ({ diagnostic, span: diagnostic.place && spanOf(diagnostic.place) }));
  return located.sort((a, b) => {
    const pathA = a.diagnostic.place ? fileOf(a.diagnostic.place).path : "";
    const pathB = b.diagnostic.place ? fileOf(b.diagnostic.place).path : "";
    if (pathA !== pathB) return pathA < pathB ? -1 : 1;
    const byOffset = (a.span?.start ?? 0) - (b.span?.start ?? 0);
    if (byOffset !== 0) return byOffset;
    return a.diagnostic.code < b.diagnostic.code ? -1 : a.diagnostic.code > b.diagnostic.code ? 1 : 0;
  });
}

/** `intents/zones/pci.yaml:7:3`. */
export function shownPlace(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${span.file.path}:${line}:${column}`;
}
