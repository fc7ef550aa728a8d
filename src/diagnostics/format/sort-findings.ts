import { findFile, type Place } from "../../source/place.ts";
import { findPosition } from "../../source/source-file.ts";
import { findSpan, type Span } from "../../yaml/span.ts";
import type { Diagnostic } from "../diagnostic.ts";

/** A stretch of a text, with the path under which it is shown. */
export interface DisplaySpan extends Span {
  readonly shownPath: string;
}

/** A finding with the places that it has in the texts. */
export interface LocatedFinding {
  readonly diagnostic: Diagnostic;
  readonly span: DisplaySpan | undefined;
  readonly related: readonly { readonly span: DisplaySpan; readonly label: string }[];
}

/**
 * By file, then offset, then code; those without a place first. `folder` is put before every path. Only findings of one file
 * are compared by their places in it: to find a place takes reading the file again.
 */
export function sortFindings(diagnostics: readonly Diagnostic[], folder = ""): readonly LocatedFinding[] {
  return diagnostics
    .map((one) => locateFinding(one, folder))
    .sort(
      (a, b) =>
        compareText(findPath(a.diagnostic), findPath(b.diagnostic)) ||
        (a.span?.start ?? 0) - (b.span?.start ?? 0) ||
        compareText(a.diagnostic.code, b.diagnostic.code),
    );
}

/** The first of them in that order. */
export function findFirst(diagnostics: readonly Diagnostic[]): Diagnostic | undefined {
  const paths = diagnostics.map(findPath);
  const least = paths.reduce((a, b) => (b < a ? b : a), paths[0] ?? "");
  return sortFindings(diagnostics.filter((_, index) => paths[index] === least))[0]?.diagnostic;
}

/** The file by which a finding is sorted. */
export function findPath({ place }: Diagnostic): string {
  return place ? findFile(place).path : "";
}

/** Places are found when they are asked for, once. */
function locateFinding(diagnostic: Diagnostic, folder: string): LocatedFinding {
  const shown = (place: Place): DisplaySpan => {
    const span = findSpan(place);
    return { ...span, shownPath: folder + span.file.path };
  };
  let span: DisplaySpan | undefined;
  let related: LocatedFinding["related"] | undefined;
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

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a span is the file as a whole: then there is no line worth showing. */
export function isWholeFile(span: Span): boolean {
  return span.start === 0 && span.end === 0;
}

/** `intents/zones/pci.yaml:7:3`. */
export function formatPlace(span: DisplaySpan): string {
  const { line, column } = findPosition(span.file, span.start);
  return `${span.shownPath}:${line}:${column}`;
}
