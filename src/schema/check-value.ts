import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Path } from "../source/place.ts";
import { formats } from "./formats.ts";
import { formatShort, type PathLocator, toDiagnostics } from "./from-ajv.ts";
import { schemaRules } from "./rules.ts";
import type { Schema } from "./schema.ts";

/** A validator that was compiled ahead of time. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ErrorObject[] | null;
}

/** Shape by ajv, then the spelling of every text that is an address, a port, a name … */
export function checkAgainstSchema(
  validate: Validator,
  name: string,
  schema: Schema,
  value: unknown,
  locate: PathLocator,
): Diagnostic[] {
  const found = validate(value) ? [] : toDiagnostics(validate.errors ?? [], name, value, schema, locate);
  checkFormats(schema, value, [], locate, found);
  return found;
}

/** Walks only what the schema knows; unknown keys and wrong types are ajv's to report. */
function checkFormats(schema: Schema, value: unknown, path: Path, locate: PathLocator, found: Diagnostic[]): void {
  if (typeof value === "string") {
    const problem = schema.format === undefined ? undefined : formats[schema.format]?.(value);
    if (!problem) return;
    const parameters = { found: formatShort(value), wanted: problem.wanted };
    found.push(schemaRules.diagnose(problem.slug, locate(path, "value"), parameters, { help: problem.help }));
  } else if (Array.isArray(value)) {
    if (schema.items)
      for (const [index, item] of value.entries()) checkFormats(schema.items, item, [...path, index], locate, found);
  } else if (typeof value === "object" && value !== null) {
    const free = schema.additionalProperties;
    if (schema.keyFormat !== undefined) checkKeys(schema.keyFormat, value, path, locate, found);
    for (const key of Object.keys(value)) {
      const inner = schema.properties?.[key] ?? (free ? free : undefined);
      if (inner) checkFormats(inner, (value as Record<string, unknown>)[key], [...path, key], locate, found);
    }
  }
}

function checkKeys(format: string, value: object, path: Path, locate: PathLocator, found: Diagnostic[]): void {
  for (const key of Object.keys(value)) {
    const problem = formats[format]?.(key);
    if (!problem) continue;
    const parameters = { found: formatShort(key), wanted: problem.wanted };
    found.push(schemaRules.diagnose(problem.slug, locate([...path, key], "key"), parameters, { help: problem.help }));
  }
}
