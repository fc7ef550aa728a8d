import { findPosition, readLine } from "../../source/source-file.ts";
import type { Span } from "../../yaml/span.ts";
import { redactLine } from "../secrets.ts";
import { escapeInvisible } from "./sanitize-text.ts";

/** Characters of a source line that are shown at most; of those, how many stand before the mark when it is far out. */
const WIDTH = 160;
const LEAD = 40;

/** How far beyond what is shown key material is looked for. A bound, since lines of a hostile file may be megabytes. */
const MARGIN = 2048;

export interface Frame {
  /** 1-based number of the line. */
  readonly line: number;
  readonly text: string;
  /** Blanks and marks that stand below the text. */
  readonly underline: string;
}

/** The line of a span with a mark under it; a span over several lines is marked in its first one. */
export function buildFrame(span: Span, mark: "^" | "-"): Frame {
  const { line, column } = findPosition(span.file, span.start);
  const whole = readLine(span.file, line);
  const start = Math.min(column - 1, whole.length);
  const from = whole.length > WIDTH && start > WIDTH - LEAD ? wholeCharacter(whole, start - LEAD) : 0;
  const to = Math.min(whole.length, wholeCharacter(whole, from + WIDTH));
  const end = Math.max(start, Math.min(to, start + (span.end - span.start)));
  const masked = maskedPart(whole, from, to);
  const before = (from > 0 ? "…" : "") + show(masked.slice(0, start - from));
  const marked = show(masked.slice(start - from, end - from));
  const after = show(masked.slice(end - from)) + (to < whole.length ? "…" : "");
  return {
    line,
    text: before + marked + after,
    underline: " ".repeat(measureWidth(before)) + mark.repeat(Math.max(1, measureWidth(marked))),
  };
}

function maskedPart(line: string, from: number, to: number): string {
  const first = Math.max(0, from - MARGIN);
  return redactLine(line.slice(first, to + MARGIN)).slice(from - first, to - first);
}

/** An index that does not fall between the two halves of a character. */
function wholeCharacter(line: string, index: number): number {
  const code = line.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index - 1 : index;
}

function show(text: string): string {
  return escapeInvisible(text.replaceAll("\t", "    "));
}

/** Columns that a text takes on a terminal: East Asian wide characters and most emoji take two. */
export function measureWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (/\p{M}/u.test(character)) continue;
    width +=
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff)
        ? 2
        : 1;
  }
  return width;
}
