import { suggestWord } from "../diagnostics/suggest.ts";
import { formatValue } from "../source/format-value.ts";
import type { Path } from "../source/place.ts";
import type { FieldProblem, FieldProblemKind } from "./field-problem.ts";
import type { PluginField } from "./plugin-table.ts";
import { checkFormat, isMulticastMac } from "./value-formats.ts";

/** What is known while one plugin's fields are checked. */
export interface PluginCheck {
  readonly type: string;
  /** Whose fields they are, in words. */
  readonly owner: string;
  readonly address: boolean;
  readonly required: boolean;
  readonly opaque: (value: unknown) => boolean;
  /** Objects within. */
  readonly keys: (
    check: PluginCheck,
    known: Readonly<Record<string, PluginField>>,
    fields: Readonly<Record<string, unknown>>,
    path: Path,
  ) => FieldProblem[];
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

function hasType(type: PluginField["type"], value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "int":
      return Number.isInteger(value);
    case "bool":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    default:
      return typeof value === "object" && value !== null && !Array.isArray(value);
  }
}

/** A value against its field. Go takes `null` for nothing, whatever the type. */
export function checkFieldValue(
  check: PluginCheck,
  key: string,
  field: PluginField,
  value: unknown,
  path: Path,
): FieldProblem[] {
  if (value === null || check.opaque(value)) return [];
  if (!hasType(field.type, value)) return wrongType(check, key, field.type, value, path);
  if (field.type === "map<string>" || field.type === "map<bool>") return checkMap(check, key, field.type, value, path);
  const wrong = checkScalar(check, key, field, value, path);
  if (wrong.length > 0) return wrong;
  if (field.fields && field.type === "object" && !field.open)
    return check.keys(check, field.fields, value as Record<string, unknown>, path);
  if (!Array.isArray(value)) return [];
  const { items } = field;
  const few = value.length < (field.minItems ?? 0);
  return [
    ...(few
      ? [
          createProblem(
            "out-of-range",
            path,
            `\`${key}\` needs at least ${field.minItems} elements, and has ${value.length}`,
          ),
        ]
      : []),
    ...(items
      ? value.flatMap((item, index) => checkFieldValue(check, `${key}[]`, openItems(items), item, [...path, index]))
      : []),
  ];
}

/** Elements of an open list are checked for what is known of them only. */
function openItems(items: PluginField): PluginField {
  return items.open ? { type: items.type } : items;
}

function createProblem(kind: FieldProblemKind, path: Path, problem: string, help?: string): FieldProblem {
  return { kind, path, on: "value", problem, help };
}

/** Fields of which libcni reads the texts "true" and "false" too. */
const TEXT_IS_BOOL = ["disableCheck", "disableGC", "loadOnlyInlinedPlugins"];

function wrongType(
  check: PluginCheck,
  key: string,
  type: PluginField["type"],
  value: unknown,
  path: Path,
): FieldProblem[] {
  if (TEXT_IS_BOOL.includes(key) && (value === "true" || value === "false")) return [];
  const unquoted = type === "int" && typeof value === "string" && /^-?\d+$/.test(value);
  const truth = type === "bool" && (value === "true" || value === "false");
  const quoted = type === "string" && (typeof value === "number" || typeof value === "boolean");
  const help =
    unquoted || truth
      ? `write \`${value}\` without quotes`
      : quoted
        ? `write \`"${value}"\``
        : type === "array" && typeof value === "string"
          ? `write \`["${value}"]\``
          : undefined;
  return [createProblem("wrong-type", path, `\`${key}\` of ${check.owner} takes ${words[type]}`, help)];
}

function checkMap(check: PluginCheck, key: string, type: string, value: unknown, path: Path): FieldProblem[] {
  const wanted = type === "map<string>" ? "string" : "boolean";
  return Object.entries(value as Record<string, unknown>)
    .filter(([, inner]) => typeof inner !== wanted && inner !== null && !check.opaque(inner))
    .map(([name, inner]) => {
      const takes = wanted === "string" ? "text" : "true or false";
      const help = wanted === "string" && typeof inner !== "object" ? `write \`"${formatValue(inner)}"\`` : undefined;
      return createProblem("wrong-type", [...path, name], `\`${key}.${name}\` of ${check.owner} takes ${takes}`, help);
    });
}

/** Ranges, enumerations, spellings. */
function checkScalar(check: PluginCheck, key: string, field: PluginField, value: unknown, path: Path): FieldProblem[] {
  if (field.enum && !field.openEnum && value !== "" && !inEnum(field, value))
    return [badEnum(key, field, field.enum, value, path)];
  if (typeof value === "number" && (value < (field.min ?? value) || value > (field.max ?? value)))
    return [createProblem("out-of-range", path, `\`${key}\` is ${value}, ${limits(field)}`)];
  if (typeof value !== "string") return [];
  if (field.pattern !== undefined && !new RegExp(field.pattern).test(value))
    return [createProblem("bad-format", path, `\`${value}\` is not a valid \`${key}\` for ${check.owner}`)];
  if (!field.format) return [];
  const wanted = checkFormat(field.format, value);
  if (wanted !== undefined) return [badFormat(check, key, field, value, wanted, path)];
  if (field.format === "mac" && isMulticastMac(value))
    return [
      createProblem(
        "multicast-mac",
        path,
        `\`${value}\` is the MAC address of a group, and no link can have it`,
        `let the first octet be even, as in \`02${value.slice(2)}\``,
      ),
    ];
  return [];
}

function inEnum(field: PluginField, value: unknown): boolean {
  if (field.enum?.includes(value as string)) return true;
  const lower = formatValue(value).toLowerCase();
  return (field.caseInsensitive ?? false) && (field.enum ?? []).some((one) => String(one).toLowerCase() === lower);
}

function badEnum(
  key: string,
  field: PluginField,
  values: readonly (string | number)[],
  value: unknown,
  path: Path,
): FieldProblem {
  const near = suggestWord(formatValue(value), values.map(String));
  const help =
    values.length > 8 && near !== undefined ? `did you mean \`${near}\`?` : `it is one of: ${values.join(", ")}`;
  const problem = `\`${formatValue(value)}\` is not a value of \`${key}\``;
  return createProblem(field.silentBadEnum ? "ignored-value" : "unknown-value", path, problem, help);
}

/** whereabouts drops the ends of its range where it cannot read them, instead of failing. */
function badFormat(
  check: PluginCheck,
  key: string,
  field: PluginField,
  value: string,
  wanted: string,
  path: Path,
): FieldProblem {
  const silent = check.type === "whereabouts" && path.length === 1 && /^range_(start|end)$/.test(key);
  const bare = field.format === "cidr" && checkFormat("ip", value) === undefined;
  const long = field.format === "ip" && checkFormat("cidr", value) === undefined;
  const help = long
    ? `without a prefix: \`${value.split("/")[0]}\``
    : bare
      ? `add a prefix length, as in \`${value}/${usualLength(value, path)}\``
      : `it takes ${wanted}`;
  const problem = bare ? `\`${value}\` has no prefix length` : `\`${value}\` is not a value of \`${key}\``;
  return createProblem(silent ? "ignored-value" : "bad-format", path, problem, help);
}

/** Addresses are left out of a range one by one, and otherwise stand for their network. */
function usualLength(address: string, path: Path): number {
  const isLeftOut = path.some((step) => step === "exclude");
  if (address.includes(":")) return isLeftOut ? 128 : 64;
  return isLeftOut ? 32 : 24;
}

function limits({ min, max }: PluginField): string {
  if (max === undefined) return `below ${min}`;
  return min === undefined ? `above ${max}` : `outside ${min} to ${max}`;
}
