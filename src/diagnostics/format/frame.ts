import { lineText, positionAt } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";
import { redactLine } from "../secrets.ts";
import { visible } from "./visible.ts";

/** Columns of a source line that are shown at most. */
const WIDTH = 120;

export interface Frame {
  /** 1-based number of the line. */
  readonly line: number;
  readonly text: string;
  /** Blanks and marks that stand below the text. */
  readonly underline: string;
}

/** The line of a span with a mark under it; a span over several lines is marked in its first one. */
export function frameOf(span: Span, mark: "^" | "-"): Frame {
  const { line, column } = positionAt(span.file, span.start);
  const raw = redactLine(lineText(span.file, line));
  const start = column - 1;
  const end = Math.max(start + 1, Math.min(raw.length, start + (span.end - span.start)));
  const from = start > WIDTH - 40 ? start - 40 : 0;
  const to = Math.min(raw.length, from + WIDTH);
  const head = from > 0 ? "…" : "";
  const tail = to < raw.length ? "…" : "";
  const before = head + show(raw.slice(from, start));
  const marked = show(raw.slice(start, Math.min(end, to)));
  return {
    line,
    text: before + marked + show(raw.slice(Math.min(end, to), to)) + tail,
    underline: " ".repeat(widthOf(before)) + mark.repeat(Math.max(1, widthOf(marked))),
  };
}

function show(text: string): string {
  return visible(text.replaceAll("\t", "    "));
}

/** Columns that a text takes on a terminal: East Asian wide characters and most emoji take two. */
export function widthOf(text: string): number {
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
