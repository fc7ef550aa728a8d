import { FILLER, hasTemplateFiller } from "../read/templates.ts";
import { type JsonError, reportUnexpectedText } from "./json-error.ts";
import { type JsonEntry, type JsonNode, OPAQUE } from "./json-node.ts";

export interface JsonText {
  /** Undefined where the text is so broken that nothing of it can be judged. */
  readonly root: JsonNode | undefined;
  /** Empty for JSON as Go reads it; in order. */
  readonly errors: readonly JsonError[];
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  readonly errors: JsonError[];
}

const DEPTH_MAX = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /true|false|null/y;
/** A value that a template or a substitution fills in. */
const FILLED = new RegExp(
  `(?:${FILLER}|\\$\\{[^}\\n]*\\}|\\$\\([^)\\n]*\\)|\\$[A-Za-z_]\\w*|<[^<>\\n]+>|%\\w+%|@\\w+@|[\\w.-])+`,
  "y",
);

/**
 * Reads JSON with the offsets of everything in it. Where it is plain what was meant (a comma or colon too few or too
 * many, a comment), it says so and reads on; elsewhere it gives up. Values of templates become OPAQUE.
 */
export function readJson(text: string): JsonText {
  const reader: Reader = { text, at: 0, depth: 0, errors: [] };
  skip(reader);
  const root = readValue(reader);
  if (root) {
    skip(reader);
    if (reader.at < text.length && text[reader.at] !== FILLER) {
      const end = text.trimEnd().length;
      reader.errors.push({
        start: reader.at,
        end: Math.min(end, reader.at + 1),
        what: "text after the end of the JSON",
      });
    }
  }
  return { root, errors: reader.errors };
}

/** Blanks, and comments, which are said once each. */
function skip(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at);
    if (code === 32 || code === 10 || code === 13 || code === 9) reader.at++;
    else if (isComment(reader)) {
      const error = reportUnexpectedText(reader.text, reader.at);
      reader.errors.push(error);
      reader.at = Math.max(error.end, reader.at + 1);
    } else return;
  }
}

function isComment({ text, at }: Reader): boolean {
  return text[at] === "#" || (text[at] === "/" && (text[at + 1] === "/" || text[at + 1] === "*"));
}

function fail(reader: Reader, error: JsonError): undefined {
  reader.errors.push(error);
  return undefined;
}

function readValue(reader: Reader): JsonNode | undefined {
  const { text, at } = reader;
  const character = text[at];
  if (character === "{" || character === "[") {
    if (++reader.depth > DEPTH_MAX)
      return fail(reader, { start: at, end: at + 1, what: "the JSON is nested too deep" });
    const node = character === "{" ? readObject(reader) : readArray(reader);
    reader.depth--;
    return node;
  }
  if (character === '"') return readString(reader);
  return readLiteral(reader);
}

function readLiteral(reader: Reader): JsonNode | undefined {
  const { text, at } = reader;
  for (const pattern of [WORD, NUMBER]) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined || /[\w.$\ue000-]/.test(text[at + found.length] ?? "")) continue;
    reader.at += found.length;
    return { kind: "value", start: at, end: reader.at, value: JSON.parse(found) };
  }
  FILLED.lastIndex = at;
  const filled = FILLED.exec(text)?.[0];
  if (filled !== undefined && hasTemplateFiller(filled)) {
    reader.at += filled.length;
    return { kind: "value", start: at, end: reader.at, value: OPAQUE };
  }
  return fail(reader, reportUnexpectedText(text, at));
}

function readString(reader: Reader): JsonNode | undefined {
  const { text } = reader;
  const start = reader.at;
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) break;
    if (code === 92) at++;
    else if (code < 32) {
      const what =
        code === 10 || code === 13 ? "the text goes over the end of the line" : "a control character in a text";
      return fail(reader, { start, end: at, what, help: 'a `"` is missing' });
    }
  }
  if (at >= text.length)
    return fail(reader, { start, end: start + 1, what: "the text has no end", help: 'a `"` is missing' });
  reader.at = at + 1;
  const raw = text.slice(start, at + 1);
  try {
    return { kind: "value", start, end: reader.at, value: JSON.parse(raw) as string };
  } catch {
    return fail(reader, {
      start,
      end: reader.at,
      what: "an escape that JSON does not know",
      help: "write `\\\\` for a backslash",
    });
  }
}

/** After a value: whether another one follows, or the end was reached, or neither (undefined). */
function readComma(reader: Reader, close: string, last: JsonNode): "more" | "end" | undefined {
  const { text } = reader;
  skip(reader);
  while (text[reader.at] === FILLER) reader.at++;
  skip(reader);
  const { at } = reader;
  if (text[at] === close) return "end";
  if (text[at] === ",") {
    reader.at++;
    skip(reader);
    while (text[reader.at] === FILLER) reader.at++;
    skip(reader);
    if (text[reader.at] !== close) return "more";
    const fix = { start: at, end: at + 1, text: "" };
    reader.errors.push({ start: at, end: at + 1, what: `a comma before \`${close}\``, help: "delete the comma", fix });
    return "end";
  }
  if (at >= text.length) {
    reader.errors.push({ start: Math.max(0, last.end - 1), end: last.end, what: `\`${close}\` is missing` });
    return undefined;
  }
  if (text[at] === "]" || text[at] === "}") {
    reader.errors.push({
      start: at,
      end: at + 1,
      what: `\`${close}\` is missing`,
      help: `write \`${close}\` before this`,
    });
    return undefined;
  }
  const goesOn = text[at] === '"' || text[at] === "{" || text[at] === "[";
  if (!goesOn || (close === "}" && text[at] !== '"')) {
    reader.errors.push(reportUnexpectedText(text, at));
    return undefined;
  }
  const start = last.end - last.start > 40 ? last.end - 1 : last.start;
  const fix = { start: last.end, end: last.end, text: "," };
  reader.errors.push({ start, end: last.end, what: "a comma is missing after this", help: "write `,` behind it", fix });
  return "more";
}

function readArray(reader: Reader): JsonNode | undefined {
  const start = reader.at++;
  const items: JsonNode[] = [];
  skip(reader);
  while (reader.text[reader.at] === FILLER && /^\ue000+\s*\]/.test(reader.text.slice(reader.at))) reader.at++;
  skip(reader);
  let next: "more" | "end" | undefined = reader.text[reader.at] === "]" ? "end" : "more";
  while (next === "more") {
    const item = readValue(reader);
    if (!item) return undefined;
    items.push(item);
    next = readComma(reader, "]", item);
  }
  if (next === undefined) return undefined;
  return { kind: "array", start, end: ++reader.at, items };
}

function readObject(reader: Reader): JsonNode | undefined {
  const start = reader.at++;
  const entries: JsonEntry[] = [];
  skip(reader);
  while (reader.text[reader.at] === FILLER) reader.at++;
  skip(reader);
  let next: "more" | "end" | undefined = reader.text[reader.at] === "}" ? "end" : "more";
  while (next === "more") {
    const entry = readEntry(reader);
    if (!entry) return undefined;
    entries.push(entry);
    next = readComma(reader, "}", entry.value);
  }
  if (next === undefined) return undefined;
  return { kind: "object", start, end: ++reader.at, entries };
}

function readEntry(reader: Reader): JsonEntry | undefined {
  const { text, at } = reader;
  if (text[at] !== '"') return fail(reader, reportUnexpectedText(text, at));
  const key = readString(reader);
  if (key?.kind !== "value") return undefined;
  skip(reader);
  const open = text[reader.at] === ":" ? undefined : openKey(String(key.value));
  if (open !== undefined) reader.at = key.start + open.length + 1;
  const [name, end] = open === undefined ? [String(key.value), key.end] : [open, reader.at];
  if (open !== undefined) {
    const fix = { start: end, end, text: '"' };
    const what = `a quote is missing after \`${name}\``;
    reader.errors.push({ start: key.start, end, what, help: `write \`"${name}"\``, fix });
    skip(reader);
  }
  if (text[reader.at] === ":") reader.at++;
  else {
    const fix = { start: end, end, text: ":" };
    const error = { start: key.start, end, what: `a colon is missing after \`${name}\``, help: "write `:` behind it" };
    if (!/["[{\w-]/.test(text[reader.at] ?? "")) return fail(reader, error);
    reader.errors.push({ ...error, fix });
  }
  skip(reader);
  const value = readValue(reader);
  return value && { key: name, keyStart: key.start, keyEnd: end, value };
}

/** The key of `"ips: "10.0.0.1"`, which goes on to the quote that was to open its value. */
function openKey(read: string): string | undefined {
  return /^([\w.-]+)\s*:[\s[{]*$/.exec(read)?.[1];
}
