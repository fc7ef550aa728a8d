import { formatLiteral, formatString } from "./format-string.ts";

const STEP = "  ";
/** Deeper than any manifest: a cycle. */
const DEEPEST = 512;
/** YAML bounds a key before its colon to 1024 characters; a longer one is written with `?`. */
const LONGEST_IMPLICIT_KEY = 1000;

interface Sink {
  text: string;
}

/**
 * Plain data as block-style YAML, one value, with a final line end: two spaces a level, lists indented below their key,
 * keys in their own order, strings quoted only where YAML 1.1 or 1.2 would not read back that very string.
 * `indent` is the number of spaces before every line. Throws for what JSON has no word for (undefined, functions,
 * symbols, NaN, infinities, bigints, holes, class instances, cycles): that is a fault of the caller, not of the user.
 */
export function emitYaml(value: unknown, indent = 0): string {
  const sink: Sink = { text: "" };
  writeRoot(sink, value, " ".repeat(indent));
  return sink.text;
}

/** Several documents, with `---` between them, as `emitYaml` writes each. */
export function emitYamlDocuments(values: readonly unknown[]): string {
  const sink: Sink = { text: "" };
  for (const [index, value] of values.entries()) {
    if (index > 0) sink.text += "---\n";
    writeRoot(sink, value, "");
  }
  return sink.text;
}

function writeRoot(sink: Sink, value: unknown, pad: string): void {
  if (Array.isArray(value) && value.length > 0) writeList(sink, value, pad, pad, 0);
  else if (isFilledMap(value)) writeMap(sink, value, pad, pad, 0);
  else sink.text += `${pad}${formatScalar(value)}\n`;
}

/** `lead` stands before the first entry: the pad of the line, or nothing after the dash of a list item. */
function writeMap(sink: Sink, map: Readonly<Record<string, unknown>>, pad: string, lead: string, depth: number): void {
  if (depth > DEEPEST) throw tooDeep();
  let start = lead;
  for (const key of Object.keys(map)) {
    const value = map[key];
    const spelt = formatString(key);
    sink.text += start;
    sink.text += spelt.length > LONGEST_IMPLICIT_KEY ? `? ${spelt}\n${pad}:` : `${spelt}:`;
    start = pad;
    if (Array.isArray(value) && value.length > 0) {
      sink.text += "\n";
      writeList(sink, value, pad + STEP, pad + STEP, depth + 1);
    } else if (isFilledMap(value)) {
      sink.text += "\n";
      writeMap(sink, value, pad + STEP, pad + STEP, depth + 1);
    } else {
      sink.text += " ";
      writeScalar(sink, value, pad);
    }
  }
}

function writeList(sink: Sink, list: readonly unknown[], pad: string, lead: string, depth: number): void {
  if (depth > DEEPEST) throw tooDeep();
  let start = lead;
  for (let index = 0; index < list.length; index++) {
    const value = list[index];
    sink.text += `${start}- `;
    start = pad;
    if (Array.isArray(value) && value.length > 0) writeList(sink, value, pad + STEP, "", depth + 1);
    else if (isFilledMap(value)) writeMap(sink, value, pad + STEP, "", depth + 1);
    else writeScalar(sink, value, pad);
  }
}

function writeScalar(sink: Sink, value: unknown, pad: string): void {
  const block = typeof value === "string" && value.includes("\n") ? formatLiteral(value, pad + STEP) : undefined;
  sink.text += block ?? `${formatScalar(value)}\n`;
}

function tooDeep(): Error {
  return new Error(`emitYaml: nested deeper than ${DEEPEST}: a cycle?`);
}

function isFilledMap(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new Error("emitYaml: only plain objects have a YAML form");
  for (const _ in value) return true;
  return false;
}

function formatScalar(value: unknown): string {
  switch (typeof value) {
    case "string":
      return formatString(value);
    case "number":
      return formatNumber(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? "[]" : "{}";
    default:
      throw new Error(`emitYaml: a ${typeof value} has no YAML form`);
  }
}

/** With a dot before an exponent: without it, some readers of YAML 1.1 see a string. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`emitYaml: ${value} has no YAML form`);
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return text.includes("e") && !text.includes(".") ? text.replace("e", ".0e") : text;
}
