import table from "./plugins.json" with { type: "json" };

/** What a plugin's decoder knows of a field. Facts read from the plugins' own structs; `source` says which. */
export interface PluginField {
  readonly type: "string" | "array" | "int" | "bool" | "object" | "map<string>" | "map<bool>";
  readonly enum?: readonly (string | number)[];
  /** Values outside `enum` are taken too. */
  readonly openEnum?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Filled in by the runtime; nobody writes it. */
  readonly runtimeOnly?: boolean;
  readonly fields?: Readonly<Record<string, PluginField>>;
  readonly items?: PluginField;
}

export interface PluginTable {
  readonly kind: string;
  readonly source?: string;
  readonly fields: Readonly<Record<string, PluginField>>;
}

const tables = table as unknown as Readonly<Record<string, PluginTable>>;

/** The field table of a plugin, by its type. */
export function pluginTable(type: string): PluginTable | undefined {
  return Object.hasOwn(tables, type) && !type.startsWith("$") ? tables[type] : undefined;
}

/** Every plugin that has a table, IPAM plugins and daemons included. */
export const pluginNames: readonly string[] = Object.keys(tables).filter((name) => !name.startsWith("$"));

/** Fields that every plugin has. */
export const commonFields: Readonly<Record<string, PluginField>> = tables.$common?.fields ?? {};
