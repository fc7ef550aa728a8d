import { buildPageAddress } from "../diagnostics/docs-address.ts";
import { formatSuggestion } from "../diagnostics/suggest.ts";
import { kinds } from "../kinds/index.ts";
import type { Schema } from "../schema/schema.ts";
import type { ExitCode, Io } from "./io.ts";
import { listInputSchemas } from "./schema.ts";
import { wrapText } from "./wrap.ts";

/** The kind of this name, in any case. */
export function findKindName(text: string): string | undefined {
  return [...listInputSchemas().keys()].find((name) => name.toLowerCase() === text.toLowerCase());
}

/** Every key of a kind: what it takes, what it is left out for, and what it is. */
export function explainKind(name: string, width: number, io: Io): ExitCode {
  const schema = listInputSchemas().get(name);
  const spec = schema?.properties?.spec;
  if (!schema || !spec) return 2;
  const summary = kinds.find((one) => one.name === name)?.summary;
  io.out(`${name}${summary === undefined ? "" : `: ${summary}`}\n\n`);
  if (schema.description) io.out(`${wrapText(schema.description, width)}\n\n`);
  io.out(`spec\n${keysOf(spec, 1, width).join("")}\n`);
  io.out(`JSON Schema: plumbline schema ${name}\n`);
  io.out(`${buildPageAddress("").replace(/rules\/$/, `reference/${name}`)}\n`);
  return 0;
}

/** `isolationzone.network.vlan`: the kind and the keys, as `kubectl explain` takes them. `spec` and `[]` may be left out. */
export function splitFieldPath(text: string): { readonly kind: string; readonly keys: readonly string[] } | undefined {
  const [first = "", ...rest] = text.split(".");
  const kind = findKindName(first);
  const keys = rest.map((one) => one.replace(/\[\]$/, ""));
  return kind === undefined || keys.length === 0
    ? undefined
    : { kind, keys: keys[0] === "spec" ? keys.slice(1) : keys };
}

/** One key of a kind: what it takes, what it is, and the keys below it. */
export function explainField(kind: string, keys: readonly string[], width: number, io: Io): ExitCode {
  let schema = listInputSchemas().get(kind)?.properties?.spec;
  for (const [depth, key] of keys.entries()) {
    const { properties = {} }: Schema = schema ? keyHolder(schema) : {};
    const next = properties[key];
    if (!next) {
      const where = [kind, ...keys.slice(0, depth)].join(".");
      const near = formatSuggestion(key, Object.keys(properties));
      io.err(
        `plumbline: ${where} has no key ${key}; ${near ?? `its keys are: ${Object.keys(properties).join(", ")}`}\n`,
      );
      return 2;
    }
    schema = next;
  }
  if (!schema) return 2;
  io.out(`${[kind, ...keys].join(".")}  (${takes(schema)})\n`);
  if (schema.description) io.out(`\n${wrapText(schema.description, width)}\n`);
  const below = keysOf(keyHolder(schema), 1, width).join("");
  if (below !== "") io.out(`\n${below}`);
  return 0;
}

/** The schema whose keys are written below a key: that of a list's elements, or of a map's values. */
function keyHolder(schema: Schema): Schema {
  const below = schema.items?.properties ? schema.items : schema;
  const free = typeof below.additionalProperties === "object" ? below.additionalProperties : undefined;
  return free?.properties ? free : below;
}

function keysOf(schema: Schema, depth: number, width: number): readonly string[] {
  const indent = "  ".repeat(depth);
  return Object.entries(schema.properties ?? {}).flatMap(([key, one]) => {
    const facts = [
      takes(one),
      ...(schema.required?.includes(key) ? ["required"] : []),
      ...(one.default === undefined ? [] : [`default ${String(one.default)}`]),
    ];
    const list = one.items?.properties ? "[]" : "";
    const text = one.description ? `${wrapText(one.description, width, `${indent}    `)}\n` : "";
    return [`${indent}${key}${list}  (${facts.join(", ")})\n${text}`, ...keysOf(keyHolder(one), depth + 1, width)];
  });
}

function takes(schema: Schema): string {
  const { enum: words, type, items, format, minimum, maximum } = schema;
  if (words) return words.join(" | ");
  if (type === "array") return `list of ${items ? takes(items) : "anything"}`;
  if (Array.isArray(type)) return type.join(" or ");
  if (minimum !== undefined && maximum !== undefined) return `${type} ${minimum} to ${maximum}`;
  return format ?? String(type);
}
