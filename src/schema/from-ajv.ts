import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion, suggestWord } from "../diagnostics/suggest.ts";
import type { NodePlace, Path } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";
import { schemaRules } from "./rules.ts";
import type { Schema } from "./schema.ts";

/** Where a path of the checked value stands, on its value or its key. */
export type PathLocator = (path: Path, on: "key" | "value") => NodePlace;

interface Context {
  readonly name: string;
  readonly value: unknown;
  readonly schema: Schema;
  readonly locate: PathLocator;
  /** Keys that a misspelt key stands for, by object: their absence is the same slip. */
  readonly absorbed: Set<string>;
}

/** ajv's findings in our words. One cause gives one error: a misspelt required key is not also missing. */
export function toDiagnostics(
  errors: readonly ErrorObject[],
  name: string,
  value: unknown,
  schema: Schema,
  locate: PathLocator,
): Diagnostic[] {
  const context: Context = { name, value, schema, locate, absorbed: new Set() };
  const unknown = errors.filter((error) => error.keyword === "additionalProperties");
  const others = errors.filter((error) => error.keyword !== "additionalProperties");
  return [
    ...unknown.map((error) => unknownKey(error, context)),
    ...others.flatMap((error) => reportOther(error, context)),
  ];
}

function pathOf(error: ErrorObject, value: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  for (const part of error.instancePath.split("/").slice(1)) {
    const step = part.replace(/~1/g, "/").replace(/~0/g, "~");
    path.push(Array.isArray(findValue(value, path)) ? Number(step) : step);
  }
  return path;
}

/** `VpnEgress.spec.wireguard`, with `[]` for items. */
function nameOf(context: Context, path: Path): string {
  return [context.name, ...path.map((step) => (typeof step === "number" ? "[]" : step))]
    .join(".")
    .replaceAll(".[]", "[]");
}

/** The schema of the value at a path. */
export function findSchemaAt(schema: Schema, path: Path): Schema | undefined {
  let current: Schema | undefined = schema;
  for (const step of path) {
    if (typeof step === "number") current = current?.items;
    else {
      const free: false | Schema | undefined = current?.additionalProperties;
      current = current?.properties?.[step] ?? (free ? free : undefined);
    }
  }
  return current;
}

function unknownKey(error: ErrorObject, context: Context): Diagnostic {
  const path = pathOf(error, context.value);
  const key = String(error.params.additionalProperty);
  const parent = nameOf(context, path);
  const present = Object.keys((findValue(context.value, path) ?? {}) as object);
  const accepted = Object.keys(findSchemaAt(context.schema, path)?.properties ?? {});
  const free = accepted.filter((word) => !present.includes(word));
  const near = suggestWord(key, free);
  const below = near === undefined ? keyOneDown(context, path, key) : undefined;
  if (near !== undefined) context.absorbed.add([...path, near].join("/"));
  if (below !== undefined) context.absorbed.add([...path, below, key].join("/"));
  return schemaRules.diagnose(
    "unknown-key",
    context.locate([...path, key], "key"),
    { key, parent },
    {
      notes: [`${parent} accepts: ${formatList(accepted)}`],
      help: below === undefined ? formatSuggestion(key, free) : `indent it: \`${key}\` is a key of \`${below}\``,
    },
  );
}

/** The key beside it that an unknown key belongs below, when it stands one level too far to the left. */
function keyOneDown(context: Context, path: Path, key: string): string | undefined {
  const beside = findValue(context.value, path) as Readonly<Record<string, unknown>>;
  const keys = Object.keys(findSchemaAt(context.schema, path)?.properties ?? {});
  return keys.find((one) => {
    const properties = findSchemaAt(context.schema, [...path, one])?.properties;
    const there = Object.hasOwn(beside, one) ? beside[one] : undefined;
    if (properties === undefined || !Object.hasOwn(properties, key)) return false;
    return typeof there === "object" && there !== null && !Object.hasOwn(there, key);
  });
}

function reportOther(error: ErrorObject, context: Context): Diagnostic[] {
  const path = pathOf(error, context.value);
  const found = findValue(context.value, path);
  const key = lastKey(path, context.name);
  const place = context.locate(path, "value");
  const { params } = error;
  switch (error.keyword) {
    case "required": {
      const missing = String(params.missingProperty);
      if (context.absorbed.has([...path, missing].join("/"))) return [];
      const parent = nameOf(context, path);
      const on = path.length === 0 || typeof path.at(-1) === "number" ? "value" : "key";
      return [schemaRules.diagnose("missing-key", context.locate(path, on), { key: missing, parent })];
    }
    case "type":
      return [wrongType(key, findSchemaAt(context.schema, path)?.type, found, place)];
    case "enum":
    case "const": {
      const words = ((params.allowedValues as unknown[]) ?? [params.allowedValue]).map(String);
      const help = typeof found === "string" ? formatSuggestion(found, words) : undefined;
      const extra = { notes: [`\`${key}\` is one of: ${words.join(", ")}`], help };
      return [schemaRules.diagnose("not-one-of", place, { key, found: formatShort(found) }, extra)];
    }
    case "minimum":
      return [
        schemaRules.diagnose("out-of-range", place, {
          key,
          found: formatShort(found),
          limit: `at least ${params.limit}`,
        }),
      ];
    case "maximum":
      return [
        schemaRules.diagnose("out-of-range", place, {
          key,
          found: formatShort(found),
          limit: `at most ${params.limit}`,
        }),
      ];
    case "minItems":
      return [schemaRules.diagnose("count", place, { key, limit: `at least ${params.limit} ${items(params.limit)}` })];
    case "maxItems":
      return [schemaRules.diagnose("count", place, { key, limit: `at most ${params.limit} ${items(params.limit)}` })];
    case "uniqueItems": {
      // Which of the two ajv finds first depends on the type of the items.
      const [first, second] = [Number(params.i), Number(params.j)].sort((one, another) => one - another) as [
        number,
        number,
      ];
      const item = formatShort(findValue(context.value, [...path, second]));
      const related = [{ place: context.locate([...path, first], "value"), label: "the first time" }];
      return [schemaRules.diagnose("twice", context.locate([...path, second], "value"), { key, item }, { related })];
    }
    default:
      throw new Error(`no words for the schema keyword ${error.keyword}`);
  }
}

function items(count: unknown): string {
  return count === 1 ? "item" : "items";
}

function lastKey(path: Path, name: string): string {
  const key = path.findLast((step) => typeof step === "string");
  return key === undefined ? name : String(key);
}

const words: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

/** What a value is, in words. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "a fraction";
  return typeof value === "boolean" ? "true or false" : "text";
}

function wrongType(key: string, type: Schema["type"], found: unknown, place: NodePlace): Diagnostic {
  const types = typeof type === "string" ? [type] : (type ?? []);
  const wanted = types.map((one) => words[one]).join(" or ");
  return schemaRules.diagnose(
    "wrong-type",
    place,
    { key, wanted, found: describeType(found) },
    { help: retype(types, found) },
  );
}

function retype(types: readonly string[], found: unknown): string | undefined {
  if (types.includes("integer") && typeof found === "string" && /^\d+$/.test(found))
    return `write \`${found}\` without quotes`;
  if (types.includes("boolean") && (found === "true" || found === "false")) return `write \`${found}\` without quotes`;
  if (types.includes("string") && (typeof found === "number" || typeof found === "boolean"))
    return `put it in quotes: \`"${found}"\``;
  if (types.includes("array") && types.length === 1 && typeof found === "string") return `write a list: \`[${found}]\``;
  return undefined;
}

/** A value as a message may show it: short, on one line, without control characters. */
export function formatShort(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/g, "\ufffd");
  return clean.length > 60 ? `${clean.slice(0, 57)}…` : clean;
}
