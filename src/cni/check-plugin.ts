import type { Path } from "../source/place.ts";
import { adviseOnKey, findSuccessor } from "./advice.ts";
import { checkFieldValue, type PluginCheck } from "./check-value.ts";
import type { FieldProblem } from "./field-problem.ts";
import { commonFields, findIpamTable, findPluginTable, type PluginField } from "./plugin-table.ts";

export type { FieldProblem, FieldProblemKind } from "./field-problem.ts";
export { isKnownPlugin } from "./plugin-table.ts";

export interface PluginCheckOptions {
  /** Also says what is missing. */
  readonly required?: boolean;
  /** Values that a template fills in later: nothing is said of them. */
  readonly opaque?: (value: unknown) => boolean;
}

/** Fields against the table of a plugin; the plugin must have one. Says only what would not do what it says. */
export function checkPlugin(type: string, fields: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  return checkPluginFields(type, fields, {}).filter((one) => one.kind !== "deprecated-key");
}

/**
 * The fields of a plugin against its table, those of its `ipam` against the table of the address plugin.
 * A plugin without a table gives only what is wrong with its `ipam`.
 */
export function checkPluginFields(
  type: string,
  fields: Readonly<Record<string, unknown>>,
  options: PluginCheckOptions,
): readonly FieldProblem[] {
  const own = findPluginTable(type)?.fields;
  const { ipam } = fields;
  return [
    ...(own ? checkKeys(checking(type, false, options), withCommonFields(own), fields, []) : []),
    ...(isObject(ipam) ? checkIpamFields(ipam, options).map((one) => ({ ...one, path: ["ipam", ...one.path] })) : []),
  ];
}

const joined = new WeakMap<object, Readonly<Record<string, PluginField>>>();

/** A plugin's own fields after those that all have; put together once. */
function withCommonFields(own: Readonly<Record<string, PluginField>>): Readonly<Record<string, PluginField>> {
  const known = joined.get(own) ?? { ...commonFields, ...own };
  joined.set(own, known);
  return known;
}

/** The fields of an `ipam` object against the table that its `type` names; nothing where that is unknown. */
export function checkIpamFields(
  ipam: Readonly<Record<string, unknown>>,
  options: PluginCheckOptions,
): readonly FieldProblem[] {
  const { type } = ipam;
  const table = typeof type === "string" ? findIpamTable(type) : undefined;
  return table ? checkKeys(checking(type as string, true, options), table.fields, ipam, []) : [];
}

/** An object against fields that are no plugin's: an element of an annotation, a configuration list. */
export function checkFieldsAgainst(
  owner: string,
  known: Readonly<Record<string, PluginField>>,
  fields: Readonly<Record<string, unknown>>,
  options: PluginCheckOptions,
): readonly FieldProblem[] {
  return checkKeys(checking(owner, false, options), known, fields, []);
}

function checking(type: string, address: boolean, options: PluginCheckOptions): PluginCheck {
  return {
    type,
    owner: type.startsWith("$") ? (ownerWords[type] ?? type) : `plugin \`${type}\``,
    address,
    required: options.required ?? false,
    opaque: options.opaque ?? (() => false),
    keys: checkKeys,
  };
}

const ownerWords: Readonly<Record<string, string>> = {
  $list: "a configuration list",
  $annotation: "an element of the annotation",
  $spec: "`spec`",
};

function checkKeys(
  check: PluginCheck,
  known: Readonly<Record<string, PluginField>>,
  fields: Readonly<Record<string, unknown>>,
  path: Path,
): FieldProblem[] {
  const found = Object.entries(fields).flatMap(([key, value]) => checkKey(check, known, key, value, path));
  if (!check.required) return found;
  const given = new Set(Object.keys(fields).map((key) => key.toLowerCase()));
  for (const [key, field] of Object.entries(known))
    if (field.required && key !== "type" && !given.has(key.toLowerCase()))
      found.push({
        kind: "missing-key",
        path,
        on: "value",
        problem: `${check.owner} needs \`${dotted([...path, key])}\``,
        help: undefined,
      });
  return found;
}

function checkKey(
  check: PluginCheck,
  known: Readonly<Record<string, PluginField>>,
  key: string,
  value: unknown,
  path: Path,
): FieldProblem[] {
  const here = [...path, key];
  const name = `\`${dotted(here)}\``;
  const onKey = (kind: FieldProblem["kind"], problem: string, help?: string): FieldProblem[] => [
    { kind, path: here, on: "key", problem, help },
  ];
  if (Object.hasOwn(known, key)) {
    const field = known[key] as PluginField;
    if (field.runtimeOnly) return onKey("runtime-key", `${name} is filled in by the runtime`, "leave it out");
    if (field.internal) return onKey("internal-key", `${name} is not for users: ${check.owner} sets it itself`);
    if (field.wellKnownOnly)
      return onKey("no-effect", `${check.owner} has no use for ${name}`, "only `bridge` and `ptp` masquerade");
    const old = field.deprecated || field.removed !== undefined;
    const until = field.removed === undefined ? "" : `: releases from ${field.removed} on ignore it`;
    return [
      ...(old ? onKey("deprecated-key", `${name} of ${check.owner} is out of use${until}`, findSuccessor(key)) : []),
      ...checkFieldValue(check, key, field, value, here),
    ];
  }
  const folded = Object.keys(known).find((one) => one.toLowerCase() === key.toLowerCase());
  if (folded !== undefined && !known[folded]?.internal && !known[folded]?.runtimeOnly) {
    const problem = `${name} is written \`${folded}\``;
    const help = `write \`${folded}\``;
    return [
      { kind: "key-case", path: here, on: "key", problem, help, rename: folded },
      ...checkFieldValue(check, folded, known[folded] as PluginField, value, here),
    ];
  }
  if (folded !== undefined && known[folded]?.internal)
    return onKey("internal-key", `${name} is not for users: ${check.owner} sets it itself`);
  const help = adviseOnKey(check.type, key, known, dotted(path), check.address);
  return onKey("unknown-key", `${check.owner} has no field ${name}`, help);
}

/** `ipam.routes[].dst`. */
function dotted(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? "[]" : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
