import { DOUBLE_QUOTE, LINE_END, SINGLE_QUOTE, type YamlCursor } from "./yaml-cursor.ts";

const BACKSLASH = 92;
/** The escapes that mean in JSON what they mean in YAML. */
const JSON_ESCAPE = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const LONGEST_ESCAPE = 5;

/** A quoted scalar of one line, from its opening quote to past its closing one; undefined = left to the full reader. */
export function readQuoted(cursor: YamlCursor): string | undefined {
  return cursor.text.charCodeAt(cursor.at) === DOUBLE_QUOTE ? readDouble(cursor) : readSingle(cursor);
}

function readDouble(cursor: YamlCursor): string | undefined {
  const text = cursor.text;
  const start = cursor.at;
  let escapes = false;
  let at = start + 1;
  for (let code = text.charCodeAt(at); code !== DOUBLE_QUOTE; code = text.charCodeAt(++at)) {
    if (code === LINE_END) return undefined;
    if (code !== BACKSLASH) continue;
    if (!JSON_ESCAPE.test(text.slice(at + 1, at + 1 + LONGEST_ESCAPE))) return undefined;
    escapes = true;
    at++;
  }
  cursor.at = at + 1;
  return escapes ? (JSON.parse(text.slice(start, at + 1)) as string) : text.slice(start + 1, at);
}

function readSingle(cursor: YamlCursor): string | undefined {
  const text = cursor.text;
  const start = cursor.at + 1;
  let doubled = false;
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === LINE_END) return undefined;
    if (code === SINGLE_QUOTE) {
      if (text.charCodeAt(at + 1) !== SINGLE_QUOTE) break;
      doubled = true;
      at++;
    }
    at++;
  }
  cursor.at = at + 1;
  const content = text.slice(start, at);
  return doubled ? content.replaceAll("''", "'") : content;
}
