import { measureWidth } from "./frame.ts";

/** Narrower than this, words are left as they are: a column of single words helps nobody. */
const LEAST = 24;

/** A text in lines of a width, broken between words. A word that is wider stands on a line of its own. */
export function wrapWords(text: string, width: number): readonly string[] {
  if (width < LEAST || width === Number.POSITIVE_INFINITY) return [text];
  const lines: string[] = [];
  let line: string[] = [];
  let taken = 0;
  for (const word of text.split(" ")) {
    const wide = measureWidth(word);
    if (line.length > 0 && taken + 1 + wide > width) {
      lines.push(line.join(" "));
      line = [];
      taken = 0;
    }
    taken += (line.length > 0 ? 1 : 0) + wide;
    line.push(word);
  }
  return [...lines, line.join(" ")];
}
