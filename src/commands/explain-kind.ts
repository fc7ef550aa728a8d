import { buildPageAddress } from "../diagnostics/docs-address.ts";
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

function keysOf(schema: Schema, depth: number, width: number): readonly string[] {
  const indent = "  ".repeat(depth);
  return Object.entries(schema.properties ?? {}).flatMap(([key, one]) => {
    const facts = [
      takes(one),
      ...(schema.required?.includes(key) ? ["required"] : []),
      ...(one.default === undefined ? [] : [`default ${String(one.default)}`]),
    ];
    const below = one.items?.properties ? one.items : one;
    const list = below === one ? "" : "[]";
    const text = one.description ? `${wrapText(one.description, width, `${indent}    `)}\n` : "";
    const free = typeof below.additionalProperties === "object" ? below.additionalProperties : undefined;
    const inner = free?.properties ? free : below;
    return [`${indent}${key}${list}  (${facts.join(", ")})\n${text}`, ...keysOf(inner, depth + 1, width)];
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
