import type { TextPlace } from "../../source/place.ts";
import type { EmbeddedJson } from "./embedded-text.ts";
import { locateInFile } from "./embedded-text.ts";
import type { JsonNode } from "./json-node.ts";

/** A key that stands in an object of JSON already. */
export interface RepeatedKey {
  readonly key: string;
  readonly place: TextPlace;
  readonly first: TextPlace;
}

/** Keys that stand twice in one object: of those the last one counts, as in Go. */
export function findRepeatedKeys(json: EmbeddedJson): readonly RepeatedKey[] {
  const all: RepeatedKey[] = [];
  const visit = (node: JsonNode): void => {
    if (node.kind === "array") for (const item of node.items) visit(item);
    if (node.kind !== "object") return;
    const seen = new Map<string, { readonly start: number; readonly end: number }>();
    for (const { key, keyStart, keyEnd, value } of node.entries) {
      const first = seen.get(key);
      if (!first) seen.set(key, { start: keyStart, end: keyEnd });
      else
        all.push({
          key,
          place: locateInFile(json, keyStart, keyEnd),
          first: locateInFile(json, first.start, first.end),
        });
      visit(value);
    }
  };
  if (json.root) visit(json.root);
  return all;
}
