/** A place in a text that ends with a line end and has no tab, carriage return or other control character. */
export interface YamlCursor {
  readonly text: string;
  at: number;
  /** Offset of the first character of the current line. */
  lineStart: number;
  /** Spaces before the content of the current line; -1 where the document ends: at `---`, `...` or the end of the text. */
  indent: number;
  /** How many collections are open. */
  depth: number;
}

/** Deeper is left to the full reader. */
export const MAX_DEPTH = 64;

export const LINE_END = 10;
export const SPACE = 32;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const SINGLE_QUOTE = 39;
export const COMMA = 44;
export const DASH = 45;
export const COLON = 58;
export const GREATER = 62;
export const BRACKET_OPEN = 91;
export const BRACKET_CLOSE = 93;
export const BRACE_OPEN = 123;
export const PIPE = 124;
export const BRACE_CLOSE = 125;

/** Moves to the content of the first line at or after `from` (a line start) that has any; comments are none. */
export function moveToContent(cursor: YamlCursor, from: number): void {
  const text = cursor.text;
  let at = from;
  while (at < text.length) {
    const lineStart = at;
    let code = text.charCodeAt(at);
    while (code === SPACE) code = text.charCodeAt(++at);
    if (code === HASH) at = text.indexOf("\n", at) + 1;
    else if (code === LINE_END) at++;
    else {
      cursor.at = at;
      cursor.lineStart = lineStart;
      cursor.indent = at === lineStart && isMarker(text, at) ? -1 : at - lineStart;
      return;
    }
  }
  cursor.at = at;
  cursor.lineStart = at;
  cursor.indent = -1;
}

function isMarker(text: string, at: number): boolean {
  return text.startsWith("---", at) || text.startsWith("...", at);
}

/** Whether only blanks and a comment are left on the line; then moves to the next content. */
export function finishLine(cursor: YamlCursor): boolean {
  const text = cursor.text;
  let at = cursor.at;
  let code = text.charCodeAt(at);
  while (code === SPACE) code = text.charCodeAt(++at);
  if (code !== LINE_END) {
    if (code !== HASH || text.charCodeAt(at - 1) !== SPACE) return false;
    at = text.indexOf("\n", at);
  }
  moveToContent(cursor, at + 1);
  return true;
}

/** Whether the character is a blank or a line end. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === LINE_END;
}

/** Moves over blanks on the line and gives the character after them. */
export function skipSpaces(cursor: YamlCursor): number {
  const text = cursor.text;
  let code = text.charCodeAt(cursor.at);
  while (code === SPACE) code = text.charCodeAt(++cursor.at);
  return code;
}
