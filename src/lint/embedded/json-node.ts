import type { Path } from "../../source/place.ts";

/** JSON with the offsets of everything in it. */
export type JsonNode =
  | { readonly kind: "object"; readonly start: number; readonly end: number; readonly entries: readonly JsonEntry[] }
  | { readonly kind: "array"; readonly start: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "value"; readonly start: number; readonly end: number; readonly value: unknown };

export interface JsonEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: JsonNode;
}

/** A value that a template fills in, or that no JSON holds. */
export const OPAQUE: unique symbol = Symbol("opaque");

/** Plain data. Of keys that stand twice the last one counts, as in Go. */
export function toPlainData(node: JsonNode): unknown {
  switch (node.kind) {
    case "object": {
      const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      for (const { key, value } of node.entries) object[key] = toPlainData(value);
      return object;
    }
    case "array":
      return node.items.map(toPlainData);
    case "value":
      return node.value;
  }
}

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where a path stands; a path that leads nowhere gives the nearest one above that does. */
export function findRange(root: JsonNode, path: Path, on: "key" | "value"): TextRange {
  let node = root;
  let nearest: TextRange = opening(root);
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    if (node.kind === "object") {
      const entry = node.entries.findLast((one) => one.key === step);
      if (!entry) return nearest;
      nearest = { start: entry.keyStart, end: entry.keyEnd };
      if (last && on === "key") return nearest;
      node = entry.value;
    } else if (node.kind === "array" && typeof step === "number" && node.items[step]) {
      node = node.items[step];
      nearest = opening(node);
    } else return nearest;
    if (last) return node.kind === "value" ? { start: node.start, end: node.end } : opening(node);
  }
  return nearest;
}

/** A whole object underlined says nothing: its bracket will do. */
function opening(node: JsonNode): TextRange {
  return node.kind === "value" ? { start: node.start, end: node.end } : { start: node.start, end: node.start + 1 };
}

/** The node at a path. */
export function findJsonNode(root: JsonNode, path: Path): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const step of path) {
    if (node?.kind === "object") node = node.entries.findLast((one) => one.key === step)?.value;
    else if (node?.kind === "array") node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}
