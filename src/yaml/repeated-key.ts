const TOKEN = /"([^"\\]*(?:\\.[^"\\]*)*)"\s*(:)?|[{}]/g;

/**
 * A key that stands twice in one object of a text that is JSON. Readers differ on which of the two counts: for Go, `null`
 * leaves what the first one said.
 */
export function findRepeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, key = "", colon] of json.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (colon !== undefined) {
      const keys = open.at(-1);
      const plain = key.includes("\\") ? (JSON.parse(`"${key}"`) as string) : key;
      if (keys?.has(plain)) return plain;
      keys?.add(plain);
    }
  }
  return undefined;
}
