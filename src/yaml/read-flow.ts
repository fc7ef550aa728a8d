import { isNeverFirst, readPlainKey, readPlainScalar } from "./plain-scalar.ts";
import { readQuoted } from "./read-quoted.ts";
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  COMMA,
  DASH,
  DOUBLE_QUOTE,
  HASH,
  isBlank,
  LINE_END,
  MAX_DEPTH,
  SINGLE_QUOTE,
  SPACE,
  type YamlCursor,
} from "./yaml-cursor.ts";

/**
 * A flow map or list, on one line or several, from its opening to past its closing bracket. `column` is that of the
 * block collection it stands in: lines that go on must stand further right, except the last closing bracket.
 * undefined = left to the full reader.
 */
export function readFlow(cursor: YamlCursor, column: number): unknown {
  const outermost = cursor.depth;
  const value = readCollection(cursor, column, outermost);
  cursor.depth = outermost;
  return value;
}

function readCollection(cursor: YamlCursor, column: number, outermost: number): unknown {
  if (++cursor.depth > MAX_DEPTH) return undefined;
  const isMap = cursor.text.charCodeAt(cursor.at++) === BRACE_OPEN;
  const value = isMap ? readMap(cursor, column, outermost) : readList(cursor, column, outermost);
  cursor.depth--;
  return value;
}

function readList(cursor: YamlCursor, column: number, outermost: number): unknown[] | undefined {
  const list: unknown[] = [];
  for (;;) {
    if (!skip(cursor, column, outermost)) return undefined;
    if (cursor.text.charCodeAt(cursor.at) === BRACKET_CLOSE) break;
    const value = readValue(cursor, column, outermost);
    if (value === undefined || !skip(cursor, column, outermost)) return undefined;
    list.push(value);
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === BRACKET_CLOSE) break;
    if (code !== COMMA) return undefined;
    cursor.at++;
  }
  cursor.at++;
  return list;
}

function readMap(cursor: YamlCursor, column: number, outermost: number): unknown {
  const map: Record<string, unknown> = {};
  for (;;) {
    if (!skip(cursor, column, outermost)) return undefined;
    if (cursor.text.charCodeAt(cursor.at) === BRACE_CLOSE) break;
    const key = readKey(cursor);
    if (key === undefined || key in map || key === "prototype") return undefined;
    if (!skip(cursor, column, outermost)) return undefined;
    const value = readValue(cursor, column, outermost);
    if (value === undefined || !skip(cursor, column, outermost)) return undefined;
    map[key] = value;
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === BRACE_CLOSE) break;
    if (code !== COMMA) return undefined;
    cursor.at++;
  }
  cursor.at++;
  return map;
}

/** A key and its colon. After a quoted key the value may follow at once, as in JSON. */
function readKey(cursor: YamlCursor): string | undefined {
  const text = cursor.text;
  const first = text.charCodeAt(cursor.at);
  const quoted = first === DOUBLE_QUOTE || first === SINGLE_QUOTE;
  const key = quoted ? readQuoted(cursor) : readPlain(cursor);
  if (typeof key !== "string" || text.charCodeAt(cursor.at) !== COLON) return undefined;
  cursor.at++;
  return quoted || isBlank(text.charCodeAt(cursor.at)) ? key : undefined;
}

function readValue(cursor: YamlCursor, column: number, outermost: number): unknown {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) return readQuoted(cursor);
  if (code === BRACE_OPEN || code === BRACKET_OPEN) return readCollection(cursor, column, outermost);
  return readPlain(cursor);
}

function isIndicator(code: number): boolean {
  return (
    code === COMMA || code === BRACKET_OPEN || code === BRACKET_CLOSE || code === BRACE_OPEN || code === BRACE_CLOSE
  );
}

/** A plain scalar up to what ends it. One that would go on in the next line is refused by what the caller finds there. */
function readPlain(cursor: YamlCursor): unknown {
  const text = cursor.text;
  const start = cursor.at;
  const first = text.charCodeAt(start);
  if (isNeverFirst(first) || first === COLON) return undefined;
  let at = start;
  for (let code = first; code !== LINE_END && !isIndicator(code); code = text.charCodeAt(++at)) {
    if (code === COLON) {
      const next = text.charCodeAt(at + 1);
      if (isBlank(next) || isIndicator(next)) break;
    } else if (code === HASH && text.charCodeAt(at - 1) === SPACE) break;
  }
  while (text.charCodeAt(at - 1) === SPACE) at--;
  cursor.at = at;
  if (first === DASH && at === start + 1) return undefined;
  if (first === DASH && text.charCodeAt(start + 1) === SPACE) return undefined;
  return text.charCodeAt(at) === COLON ? readPlainKey(text, start, at) : readPlainScalar(text.slice(start, at));
}

/** Moves over blanks, line ends and comments after a blank; false where a line stands too far left. */
function skip(cursor: YamlCursor, column: number, outermost: number): boolean {
  const text = cursor.text;
  let at = cursor.at;
  let lineStart = -1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === SPACE) at++;
    else if (code === LINE_END) {
      lineStart = ++at;
      if (at === text.length) return false;
    } else if (code === HASH) {
      if (text.charCodeAt(at - 1) !== SPACE) return false;
      at = text.indexOf("\n", at);
    } else {
      cursor.at = at;
      if (lineStart === -1 || at - lineStart > column) return true;
      const closes = code === BRACE_CLOSE || code === BRACKET_CLOSE;
      return closes && cursor.depth === outermost + 1 && at - lineStart === column;
    }
  }
}
