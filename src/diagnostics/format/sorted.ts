import { fileOf, type Place } from "../../source/place.ts";
import { positionAt } from "../../source/source-file.ts";
import { type Span, spanOf } from "../../yaml/span.ts";
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

/**
 * By file, then offset, then code; those without a place first. `folder` is put before every path. Only findings of one file
 * are compared by their places in it: to find a place takes reading the file again.
 */
export function sorted(diagnostics: readonly Diagnostic[], folder = ""): readonly Located[] {
  return diagnostics
    .map((one) => located(one, folder))
    .sort(
      (a, b) =>
        compared(pathOf(a.diagnostic), pathOf(b.diagnostic)) ||
        (a.span?.start ?? 0) - (b.span?.start ?? 0) ||
        compared(a.diagnostic.code, b.diagnostic.code),
    );
}

/** The first of them in that order. */
export function firstOf(diagnostics: readonly Diagnostic[]): Diagnostic | undefined {
  const paths = diagnostics.map(pathOf);
  const least = paths.reduce((a, b) => (b < a ? b : a), paths[0] ?? "");
  return sorted(diagnostics.filter((_, index) => paths[index] === least))[0]?.diagnostic;
}

/** The file by which a finding is sorted. */
export function pathOf({ place }: Diagnostic): string {
  return place ? fileOf(place).path : "";
}

/** Places are found when they are asked for, once. */
function located(diagnostic: Diagnostic, folder: string): Located {
  const shown = (place: Place): ShownSpan => {
    const span = spanOf(place);
    return { ...span, shownPath: folder + span.file.path };
  };
  let span: ShownSpan | undefined;
  let related: Located["related"] | undefined;
  return {
    diagnostic,
    get span() {
      if (diagnostic.place) span ??= shown(diagnostic.place);
      return span;
    },
    get related() {
      related ??= diagnostic.related.map(({ place, label }) => ({ span: shown(place), label }));
      return related;
    },
  };
}

export function compared(a: string, b: string): number {
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
