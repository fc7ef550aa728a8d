import { didYouMean } from "../diagnostics/suggest.ts";
import type { Path } from "../source/place.ts";
import { commonFields, type PluginField, pluginNames, pluginTable } from "./plugin-table.ts";

/** Something that a plugin would refuse, or drop without a word. */
export interface FieldProblem {
  readonly path: Path;
  readonly on: "key" | "value";
  readonly problem: string;
  readonly help: string | undefined;
}

/** Fields against the table of a plugin; the plugin must have one. */
export function checkPlugin(type: string, fields: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const known = { ...commonFields, ...pluginTable(type)?.fields };
  return checkFields(type, known, fields, []);
}

function checkFields(
  type: string,
  known: Readonly<Record<string, PluginField>>,
  fields: Readonly<Record<string, unknown>>,
  path: Path,
): FieldProblem[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const here = [...path, key];
    const field = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!field)
      return [
        {
          path: here,
          on: "key" as const,
          problem: `plugin \`${type}\` has no field \`${key}\``,
          help: helpFor(key, known, path),
        },
      ];
    if (field.runtimeOnly)
      return [
        { path: here, on: "key" as const, problem: `\`${key}\` is filled in by the runtime`, help: "leave it out" },
      ];
    return checkValue(type, key, field, value, here);
  });
}

function helpFor(key: string, known: Readonly<Record<string, PluginField>>, path: Path): string | undefined {
  const near = didYouMean(key, Object.keys(known));
  if (near !== undefined || path.length > 0) return near;
  const other = pluginNames.find((name) => Object.hasOwn(pluginTable(name)?.fields ?? {}, key));
  return other === undefined ? undefined : `it is a field of \`${other}\``;
}

const words: Readonly<Record<PluginField["type"], string>> = {
  string: "text",
  array: "a list",
  int: "a whole number",
  bool: "true or false",
  object: "an object",
  "map<string>": "an object of texts",
  "map<bool>": "an object of true and false",
};

function fits(type: PluginField["type"], value: unknown): boolean {
  const map = typeof value === "object" && value !== null && !Array.isArray(value);
  switch (type) {
    case "string":
      return typeof value === "string";
    case "int":
      return Number.isInteger(value);
    case "bool":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    case "object":
      return map;
    case "map<string>":
      return map && Object.values(value).every((one) => typeof one === "string");
    case "map<bool>":
      return map && Object.values(value).every((one) => typeof one === "boolean");
  }
}

function checkValue(type: string, key: string, field: PluginField, value: unknown, path: Path): FieldProblem[] {
  const problem = (text: string, help?: string): FieldProblem[] => [{ path, on: "value", problem: text, help }];
  if (!fits(field.type, value)) return problem(`\`${key}\` of plugin \`${type}\` takes ${words[field.type]}`);
  if (field.enum && !field.openEnum && !field.enum.includes(value as string))
    return problem(`\`${String(value)}\` is no value of \`${key}\``, `it is one of: ${field.enum.join(", ")}`);
  if (typeof value === "number" && (value < (field.min ?? value) || value > (field.max ?? value)))
    return problem(`\`${key}\` is ${value}, outside ${field.min ?? "…"} to ${field.max ?? "…"}`);
  if (field.fields && field.type === "object")
    return checkFields(type, field.fields, value as Record<string, unknown>, path);
  if (field.items && Array.isArray(value))
    return value.flatMap((item, index) =>
      checkValue(type, `${key}[]`, field.items as PluginField, item, [...path, index]),
    );
  return [];
}
