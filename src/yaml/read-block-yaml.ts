import { isNeverFirst, readPlainKey, readPlainScalar } from "./plain-scalar.ts";
import { readBlockScalar } from "./read-block-scalar.ts";
import { readFlow } from "./read-flow.ts";
import { readQuoted } from "./read-quoted.ts";
import {
  BRACE_OPEN,
  BRACKET_OPEN,
  COLON,
  DASH,
  DOUBLE_QUOTE,
  finishLine,
  GREATER,
  HASH,
  isBlank,
  LINE_END,
  MAX_DEPTH,
  moveToContent,
  PIPE,
  SINGLE_QUOTE,
  SPACE,
  skipSpaces,
  type YamlCursor,
} from "./yaml-cursor.ts";

/** Characters that need the full reader's judgement: controls (tabs and carriage returns too), marks, odd line ends. */
const UNUSUAL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;
/** YAML bounds an implicit key to 1024 characters. */
const LONGEST_KEY = 1000;

/**
 * The documents of a YAML text as plain data, null for one that holds nothing; or undefined, and then the text is for
 * the `yaml` package. Whatever this reads, `yaml` reads without an error to the same values. Refused are scalars that
 * YAML 1.1 and 1.2 resolve differently (`yes`, `010`, `1e2`, `12:30`), tags, anchors, aliases, merge keys, directives,
 * complex keys, scalars of several lines other than block scalars, duplicate keys, names of `Object.prototype`, documents
 * that are one scalar, and nesting deeper than 64.
 */
export function readBlockYaml(text: string): readonly unknown[] | undefined {
  if (UNUSUAL.test(text)) return undefined;
  if (text.length > 0 && text.charCodeAt(text.length - 1) !== LINE_END) {
    if (text.charCodeAt(text.length - 1) === SPACE) return undefined;
    return readDocuments(`${text}\n`);
  }
  return readDocuments(text);
}

function readDocuments(text: string): readonly unknown[] | undefined {
  const cursor: YamlCursor = { text, at: 0, lineStart: 0, indent: 0, depth: 0 };
  const documents: unknown[] = [];
  moveToContent(cursor, 0);
  while (cursor.at < text.length) {
    if (cursor.indent === -1) {
      if (text.charCodeAt(cursor.at) !== DASH) return undefined;
      cursor.at += "---".length;
      if (!isBlank(text.charCodeAt(cursor.at)) || !finishLine(cursor)) return undefined;
    }
    const value = cursor.indent === -1 ? null : readRoot(cursor);
    if (value === undefined) return undefined;
    documents.push(value);
    if (cursor.indent !== -1) return undefined;
  }
  return documents;
}

function readRoot(cursor: YamlCursor): unknown {
  if (cursor.indent !== 0) return undefined;
  const code = cursor.text.charCodeAt(cursor.at);
  if (code !== BRACE_OPEN && code !== BRACKET_OPEN) return readBlock(cursor);
  const value = readFlow(cursor, 0);
  return finishLine(cursor) ? value : undefined;
}

/** The map or list whose first line the cursor is on. */
function readBlock(cursor: YamlCursor): unknown {
  return isDash(cursor) ? readList(cursor, cursor.indent) : readMap(cursor, cursor.indent, undefined);
}

function isDash(cursor: YamlCursor): boolean {
  return cursor.text.charCodeAt(cursor.at) === DASH && isBlank(cursor.text.charCodeAt(cursor.at + 1));
}

/** `firstKey` was read already where the map starts after a dash; the cursor is then past its colon. */
function readMap(cursor: YamlCursor, column: number, firstKey: string | undefined): unknown {
  if (++cursor.depth > MAX_DEPTH) return undefined;
  const map: Record<string, unknown> = {};
  let key = firstKey ?? readKey(cursor);
  for (;;) {
    if (key === undefined || key in map || key === "prototype") return undefined;
    const value = readMapValue(cursor, column);
    if (value === undefined || cursor.indent > column) return undefined;
    map[key] = value;
    if (cursor.indent < column) break;
    key = readKey(cursor);
  }
  cursor.depth--;
  return map;
}

function readMapValue(cursor: YamlCursor, column: number): unknown {
  const code = skipSpaces(cursor);
  if (code !== LINE_END && code !== HASH) return readInline(cursor, column, code);
  if (!finishLine(cursor)) return undefined;
  if (cursor.indent > column) return readBlock(cursor);
  return cursor.indent === column && isDash(cursor) ? readList(cursor, column) : null;
}

function readList(cursor: YamlCursor, column: number): unknown {
  if (++cursor.depth > MAX_DEPTH) return undefined;
  const list: unknown[] = [];
  do {
    cursor.at++;
    const value = readItem(cursor, column);
    if (value === undefined) return undefined;
    list.push(value);
  } while (cursor.indent === column && isDash(cursor));
  cursor.depth--;
  return list;
}

function readItem(cursor: YamlCursor, column: number): unknown {
  const code = skipSpaces(cursor);
  if (code === LINE_END || code === HASH) {
    if (!finishLine(cursor)) return undefined;
    return cursor.indent > column ? readBlock(cursor) : null;
  }
  const start = cursor.at - cursor.lineStart;
  if (isDash(cursor)) return readList(cursor, start);
  if (code === BRACE_OPEN || code === BRACKET_OPEN || code === PIPE || code === GREATER) {
    return readInline(cursor, column, code);
  }
  const scalar = code === DOUBLE_QUOTE || code === SINGLE_QUOTE ? readQuoted(cursor) : readPlain(cursor);
  if (cursor.text.charCodeAt(cursor.at) !== COLON)
    return scalar !== undefined && finishLine(cursor) ? scalar : undefined;
  const key = keyBeforeColon(cursor, scalar, cursor.lineStart + start);
  return key === undefined ? undefined : readMap(cursor, start, key);
}

/** A value on the line of its key or dash, and the rest of the line. */
function readInline(cursor: YamlCursor, column: number, code: number): unknown {
  if (code === PIPE || code === GREATER) return readBlockScalar(cursor, column);
  const value =
    code === DOUBLE_QUOTE || code === SINGLE_QUOTE
      ? readQuoted(cursor)
      : code === BRACE_OPEN || code === BRACKET_OPEN
        ? readFlow(cursor, column)
        : readPlain(cursor);
  return value !== undefined && finishLine(cursor) ? value : undefined;
}

/** A key and its colon; the cursor ends past the colon. */
function readKey(cursor: YamlCursor): string | undefined {
  const start = cursor.at;
  const code = cursor.text.charCodeAt(start);
  const scalar = code === DOUBLE_QUOTE || code === SINGLE_QUOTE ? readQuoted(cursor) : readPlain(cursor);
  return keyBeforeColon(cursor, scalar, start);
}

function keyBeforeColon(cursor: YamlCursor, scalar: unknown, start: number): string | undefined {
  if (typeof scalar !== "string" || cursor.at - start > LONGEST_KEY) return undefined;
  if (cursor.text.charCodeAt(cursor.at) !== COLON || !isBlank(cursor.text.charCodeAt(cursor.at + 1))) return undefined;
  cursor.at++;
  return scalar;
}

/** A plain scalar up to a colon, a comment or the line end, blanks before that left out. */
function readPlain(cursor: YamlCursor): unknown {
  const text = cursor.text;
  const start = cursor.at;
  const first = text.charCodeAt(start);
  if (isNeverFirst(first) || ((first === DASH || first === COLON) && isBlank(text.charCodeAt(start + 1)))) {
    return undefined;
  }
  let at = start;
  for (let code = first; code !== LINE_END; code = text.charCodeAt(++at)) {
    if (code === COLON && isBlank(text.charCodeAt(at + 1))) break;
    if (code === HASH && text.charCodeAt(at - 1) === SPACE) break;
  }
  while (text.charCodeAt(at - 1) === SPACE) at--;
  cursor.at = at;
  return text.charCodeAt(at) === COLON ? readPlainKey(text, start, at) : readPlainScalar(text.slice(start, at));
}
