import { type Document, isScalar, visit, YAMLParseError } from "yaml";

/** The first key that a map holds twice, as the `yaml` package would say it, which compares each key with all others. */
function findDuplicateIn(document: Document): YAMLParseError | undefined {
  let found: YAMLParseError | undefined;
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const start = key.range?.[0] ?? 0;
        if (seen.has(key.value))
          found = new YAMLParseError([start, start + 1], "DUPLICATE_KEY", "Map keys must be unique");
        if (found) return visit.BREAK;
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

/** The same of the first document that has one. */
export function findDuplicateKey(documents: readonly Document[]): YAMLParseError | undefined {
  for (const one of documents) {
    const found = findDuplicateIn(one);
    if (found) return found;
  }
  return undefined;
}
