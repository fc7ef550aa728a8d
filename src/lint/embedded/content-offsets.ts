import type { Scalar } from "yaml";

/**
 * For each character of a scalar's content, the offset of what stands for it in the YAML text; one more for the end.
 * Exact for all that is no blank: between characters of the content, YAML puts only blanks, line ends and escapes.
 */
export function mapContentOffsets(text: string, scalar: Scalar): Int32Array {
  const content = String(scalar.value);
  const offsets = new Int32Array(content.length + 1);
  const [start, end] = scalar.range as [number, number, number];
  const step = scalar.type === "QUOTE_DOUBLE" ? doubleStep : scalar.type === "QUOTE_SINGLE" ? singleStep : plainStep;
  let at = start;
  if (scalar.type === "QUOTE_DOUBLE" || scalar.type === "QUOTE_SINGLE") at = start + 1;
  if (scalar.type === "BLOCK_LITERAL" || scalar.type === "BLOCK_FOLDED") {
    // The header, an indicator and perhaps a comment, is a line of its own.
    const line = text.indexOf("\n", start);
    at = line === -1 ? end : line + 1;
  }
  for (let i = 0; i < content.length; i++) {
    const { from, to } = step(text, at, content.charCodeAt(i), end);
    offsets[i] = from;
    at = to;
  }
  offsets[content.length] = at;
  return offsets;
}

interface Step {
  readonly from: number;
  readonly to: number;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** A blank of the content may be one of the text, or stand for a line that was folded. */
function blankStep(text: string, at: number, code: number, end: number): Step {
  const here = text.charCodeAt(at);
  return { from: at, to: at < end && (here === code || isBlank(here)) ? at + 1 : at };
}

function skipBlanks(text: string, at: number, end: number): number {
  let next = at;
  while (next < end && isBlank(text.charCodeAt(next))) next++;
  return next;
}

function plainStep(text: string, at: number, code: number, end: number): Step {
  if (isBlank(code)) return blankStep(text, at, code, end);
  const from = skipBlanks(text, at, end);
  return { from, to: from + 1 };
}

/** `''` stands for one quote. */
function singleStep(text: string, at: number, code: number, end: number): Step {
  if (isBlank(code)) return blankStep(text, at, code, end);
  const from = skipBlanks(text, at, end);
  return { from, to: from + (code === 39 ? 2 : 1) };
}

const ESCAPE_LENGTH: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

function escapeLength(text: string, at: number): number {
  return ESCAPE_LENGTH[text[at + 1] ?? ""] ?? 2;
}

/** Whether the escape at an offset stands for a blank, or for nothing: a backslash at the end of a line joins lines. */
function isBlankEscape(text: string, at: number): boolean {
  const letter = text[at + 1] ?? "";
  if (" \tntr\r\n".includes(letter)) return true;
  const length = escapeLength(text, at);
  return length > 2 && isBlank(Number.parseInt(text.slice(at + 2, at + length), 16));
}

function doubleStep(text: string, at: number, code: number, end: number): Step {
  if (isBlank(code)) {
    const escaped = text[at] === "\\" && isBlankEscape(text, at);
    return escaped ? { from: at, to: at + escapeLength(text, at) } : blankStep(text, at, code, end);
  }
  let from = skipBlanks(text, at, end);
  while (text[from] === "\\" && isBlankEscape(text, from))
    from = skipBlanks(text, from + escapeLength(text, from), end);
  if (text[from] !== "\\") return { from, to: from + 1 };
  const length = escapeLength(text, from);
  // An escape beyond 16 bits gives two units of the content; the second one stays with it.
  return { from, to: length === 10 && code >= 0xd800 && code <= 0xdbff ? from : from + length };
}
