import type { Path } from "../source/place.ts";
import type { FieldClass, PluginClass } from "./field-class.ts";
import { addressClasses, attachingClasses, chainedClasses, commonClasses, knownCapabilities } from "./field-classes.ts";
import { commonFields, findPluginTable, resolvePluginName } from "./plugin-table.ts";
import { sysctlClasses } from "./sysctl-classes.ts";

/** A field or a sysctl that may open what is verified as closed, or stop what is verified as flowing. */
export interface ClassRefusal {
  readonly path: Path;
  /** `isDefaultGateway: true` of `bridge`. */
  readonly what: string;
  readonly why: string;
  /** The key of an intent that stands for it. */
  readonly use: string | undefined;
}

export interface ClassificationContext {
  /** An intent's own line, or an object of the output, where plumbline's own fields stand too. */
  readonly of: "intent" | "object";
  /** The network stood before plumbline and is taken over. */
  readonly existing: boolean;
  readonly ipv6: boolean;
}

/** The class of a plugin; undefined where it has none, and is refused for that. */
export function findPluginClass(type: string, chained: boolean): PluginClass | undefined {
  const classes = chained ? chainedClasses : attachingClasses;
  const name = resolvePluginName(type);
  return Object.hasOwn(classes, name) ? classes[name] : undefined;
}

/** Whether anything of a chained plugin can be accepted. */
export function mayBeChained(type: string): boolean {
  const known = findPluginClass(type, true);
  return known !== undefined && known.refused === undefined;
}

/** What of a plugin's configuration cannot be accepted. */
export function findRefusals(
  type: string,
  fields: Readonly<Record<string, unknown>>,
  chained: boolean,
  reading: ClassificationContext,
): readonly ClassRefusal[] {
  const known = findPluginClass(type, chained);
  if (!known || known.refused !== undefined)
    return [{ path: ["type"], what: `\`${type}\``, why: known?.refused ?? "it has no class", use: known?.use }];
  const { ipam, sysctl, capabilities, ...rest } = fields;
  const others = reading.of === "intent" && ipam !== undefined ? { ...rest, ipam } : rest;
  return [
    ...refusedFields(type, { ...commonClasses, ...known.fields }, others, reading),
    ...(reading.of === "object" && !reading.existing ? leftOut(type, known, fields) : []),
    ...(isObject(sysctl) ? findRefusedSysctls(sysctl, reading).map((one) => prefixPath("sysctl", one)) : []),
    ...(isObject(ipam) && reading.of === "object" ? refusedAddresses(ipam, reading) : []),
    ...(isObject(capabilities) ? refusedCapabilities(capabilities) : []),
  ];
}

/** What a written object has to say, and does not. */
function leftOut(type: string, known: PluginClass, fields: Readonly<Record<string, unknown>>): readonly ClassRefusal[] {
  return Object.entries(known.fields)
    .filter(([key, one]) => one.needed && (fields[key] === undefined || fields[key] === null))
    .map(([key, { use }]) => ({
      path: [],
      what: `\`${type}\` without \`${key}\``,
      why: "what the plugin does without it is not safe, or differs between its releases",
      use,
    }));
}

function prefixPath(key: string, one: ClassRefusal): ClassRefusal {
  return { ...one, path: [key, ...one.path] };
}

function refusedAddresses(
  ipam: Readonly<Record<string, unknown>>,
  reading: ClassificationContext,
): readonly ClassRefusal[] {
  const { type, ...fields } = ipam;
  if (typeof type !== "string" || !Object.hasOwn(addressClasses, type)) return [];
  const known = addressClasses[type] as PluginClass;
  const found =
    known.refused === undefined
      ? refusedFields(type, known.fields, fields, reading)
      : [{ path: ["type"], what: `\`${type}\``, why: known.refused, use: known.use }];
  return found.map((one) => prefixPath("ipam", one));
}

function refusedCapabilities(capabilities: Readonly<Record<string, unknown>>): readonly ClassRefusal[] {
  return Object.entries(capabilities)
    .filter(([key, value]) => value === true && !knownCapabilities.includes(key))
    .map(([key]) => ({
      path: ["capabilities", key],
      what: `the capability \`${key}\``,
      why: "a pod may then ask the node for more than its network",
      use: undefined,
    }));
}

function refusedFields(
  type: string,
  classes: Readonly<Record<string, FieldClass>>,
  fields: Readonly<Record<string, unknown>>,
  reading: ClassificationContext,
): ClassRefusal[] {
  return Object.entries(fields).flatMap(([key, value]) => refusedField(type, classes, key, value, [key], reading));
}

function refusedField(
  type: string,
  classes: Readonly<Record<string, FieldClass>>,
  name: string,
  value: unknown,
  path: Path,
  reading: ClassificationContext,
): ClassRefusal[] {
  // Go takes `null` for nothing.
  if (value === null || value === undefined) return [];
  const one = Object.hasOwn(classes, name) ? classes[name] : undefined;
  const refusal = refusalOf(one, value, reading);
  if (refusal !== undefined)
    return [{ path, what: `\`${name}: ${formatShort(value)}\` of \`${type}\``, why: refusal, use: one?.use }];
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      isObject(item) ? findRefusalsInside(type, classes, `${name}[]`, item, [...path, index], reading) : [],
    );
  return isObject(value) ? findRefusalsInside(type, classes, name, value, path, reading) : [];
}

/** Objects within a field: each of their own fields has a class, where any has. */
function findRefusalsInside(
  type: string,
  classes: Readonly<Record<string, FieldClass>>,
  name: string,
  value: Readonly<Record<string, unknown>>,
  path: Path,
  reading: ClassificationContext,
): ClassRefusal[] {
  if (!Object.keys(classes).some((key) => key.startsWith(`${name}.`))) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    refusedField(type, classes, `${name}.${key}`, item, [...path, key], reading),
  );
}

/** Sysctls of a network, or of a chained `tuning`. */
export function findRefusedSysctls(
  sysctls: Readonly<Record<string, unknown>>,
  reading: ClassificationContext,
): readonly ClassRefusal[] {
  return Object.entries(sysctls).flatMap(([key, value]) => {
    const one = Object.hasOwn(sysctlClasses, key) ? sysctlClasses[key] : undefined;
    const why = refusalOf(one, value, reading);
    return why === undefined ? [] : [{ path: [key], what: `\`${key}: "${String(value)}"\``, why, use: one?.use }];
  });
}

function refusalOf(one: FieldClass | undefined, value: unknown, reading: ClassificationContext): string | undefined {
  if (!one) return "it is not known to be harmless";
  if (one.ours && reading.of === "intent") return one.why;
  if (one.class !== "refused") return undefined;
  const plain = value as string | boolean;
  const safe =
    one.safe?.includes(plain) === true ||
    (one.between !== undefined && isBetween(value, one.between)) ||
    (one.withoutIpv6 !== undefined && !reading.ipv6 && value === one.withoutIpv6) ||
    (one.kept === true && reading.existing) ||
    (reading.of === "object" && one.written !== undefined && (one.written.length === 0 || one.written.includes(plain)));
  return safe ? undefined : one.why;
}

function isBetween(value: unknown, [least, most]: readonly [number, number]): boolean {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && number >= least && number <= most;
}

function formatShort(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : typeof value === "object" ? "…" : String(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Fields of the facts table that have no class: none, or a release brought one. Paths such as `bridge vlanTrunk[].id`. */
export function findUnclassifiedFields(type: string, chained: boolean): readonly string[] {
  const known = findPluginClass(type, chained);
  if (!known) return [type];
  if (known.refused !== undefined) return [];
  return unclassified({ ...commonClasses, ...known.fields }, { ...commonFields, ...findPluginTable(type)?.fields }, "");
}

export function findUnclassifiedAddressFields(name: string): readonly string[] {
  const { ipamType = name, fields = {} } = findPluginTable(name) ?? {};
  const known = Object.hasOwn(addressClasses, ipamType) ? addressClasses[ipamType] : undefined;
  if (!known) return [name];
  if (known.refused !== undefined) return [];
  const { type: _type, ...own } = fields;
  return unclassified(known.fields, own, "");
}

type Facts = NonNullable<ReturnType<typeof findPluginTable>>["fields"];

function unclassified(classes: Readonly<Record<string, FieldClass>>, facts: Facts, above: string): readonly string[] {
  return Object.entries(facts).flatMap(([key, field]) => {
    // Nobody may write these: the table of facts refuses them already, and an object with one is refused as unclassified.
    if (field.runtimeOnly || field.internal) return [];
    const name = above + key;
    const own = Object.hasOwn(classes, name) ? [] : [name];
    const nested = field.fields ?? field.items?.fields;
    if (!nested || name === "dns" || name === "ipam") return own;
    return [...own, ...unclassified(classes, nested, `${name}${field.fields ? "." : "[]."}`)];
  });
}
