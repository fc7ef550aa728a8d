import table from "./plugins.json" with { type: "json" };

/** What a plugin's decoder knows of a field. Facts read from the plugins' own structs; `source` says which. */
export interface PluginField {
  readonly type: "string" | "array" | "int" | "bool" | "object" | "map<string>" | "map<bool>";
  readonly required?: boolean;
  readonly enum?: readonly (string | number)[];
  /** Values outside `enum` are taken too. */
  readonly openEnum?: boolean | string;
  /** A value outside `enum` is no error: the plugin goes on with another one. */
  readonly silentBadEnum?: boolean;
  /** Values of `enum` are compared without regard to case. */
  readonly caseInsensitive?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: "cidr" | "ip" | "ip-or-cidr" | "mac" | "cidr-or-range" | "guid" | "ifname";
  /** Filled in by the runtime; nobody writes it. */
  readonly runtimeOnly?: boolean;
  /** Exported in the struct by accident: it decodes, and then the plugin overwrites or ignores it. */
  readonly internal?: boolean;
  /** Reserved by the specification, and read by few plugins. */
  readonly wellKnownOnly?: boolean;
  readonly deprecated?: boolean;
  /** The release that no longer reads it. */
  readonly removed?: string;
  /** Holds whatever the plugin's users agreed on. */
  readonly open?: boolean;
  readonly fields?: Readonly<Record<string, PluginField>>;
  readonly items?: PluginField;
}

export interface PluginTable {
  readonly kind: string;
  readonly source?: string;
  readonly fields: Readonly<Record<string, PluginField>>;
  /** `lowest-highest` version of the CNI specification that the plugin speaks. */
  readonly cniVersions?: string;
  /** Works only behind another plugin. */
  readonly chained?: boolean;
  /** The name in `ipam.type`, where it is not that of the table. */
  readonly ipamType?: string;
  readonly ipamRequired?: boolean;
  readonly ipamForbidden?: boolean;
  readonly needsResourceName?: boolean;
  readonly alias?: readonly string[];
}

const tables = table as unknown as Readonly<Record<string, PluginTable>>;

/** Every plugin that has a table, IPAM plugins and daemons included. */
export const pluginNames: readonly string[] = Object.keys(tables).filter((name) => !name.startsWith("$"));

const aliases: ReadonlyMap<string, string> = new Map(
  pluginNames.flatMap((name) => (tables[name]?.alias ?? []).map((alias) => [alias, name] as const)),
);

const ipamTypes: ReadonlyMap<string, string> = new Map(
  pluginNames.flatMap((name) => {
    const one = tables[name];
    return one?.kind === "ipam" ? [[one.ipamType ?? name, name] as const] : [];
  }),
);

/** How the table calls a plugin: by its type, or by one of the names that others ship it under. */
export function resolvePluginName(type: string): string {
  return aliases.get(type) ?? type;
}

/** The field table of a plugin, by its type or by one of the names that others ship it under. */
export function findPluginTable(type: string): PluginTable | undefined {
  if (type.startsWith("$")) return undefined;
  const name = resolvePluginName(type);
  return Object.hasOwn(tables, name) ? tables[name] : undefined;
}

/** The field table of an address plugin, by what stands in `ipam.type`. */
export function findIpamTable(type: string): PluginTable | undefined {
  const name = ipamTypes.get(type);
  return name === undefined ? undefined : tables[name];
}

export function isKnownPlugin(type: string): boolean {
  return findPluginTable(type) !== undefined;
}

/** What stands in `type` of a plugin: attaching and chained ones. */
export const attachingTypes: readonly string[] = [
  ...pluginNames.filter((name) => tables[name]?.kind === "main" || tables[name]?.kind === "meta"),
  ...aliases.keys(),
];

/** What stands in `ipam.type`. */
export const addressTypes: readonly string[] = [...ipamTypes.keys()];

/** Fields that every plugin has. */
export const commonFields: Readonly<Record<string, PluginField>> = tables.$common?.fields ?? {};

/** Fields beside `plugins` of a configuration list. */
export const listFields: Readonly<Record<string, PluginField>> = tables.$list?.fields ?? {};

/** Fields of an element of the networks annotation. */
export const selectionFields: Readonly<Record<string, PluginField>> = tables.$annotation?.fields ?? {};
