import type { Document } from "yaml";

/** What is written once and means more than this many times itself is a bomb. */
const ALIASES_MAX = 100;

/**
 * A document of the `yaml` package as plain data; undefined where it is none: too many aliases or one without an anchor, a
 * merge of what is no map, or a part that holds itself.
 */
export function toPlainValue(document: Document): { readonly value: unknown } | undefined {
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return holdsItself(value) ? undefined : { value };
  } catch (cause) {
    if (cause instanceof ReferenceError) return undefined;
    // The package has no error of its own for this one.
    if (cause instanceof Error && cause.message.startsWith("Merge sources")) return undefined;
    throw cause;
  }
}

/** Each part is looked at once, however often aliases lead to it. */
function holdsItself(value: unknown, above = new Set<object>(), done = new Set<object>()): boolean {
  if (typeof value !== "object" || value === null || done.has(value)) return false;
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((one) => holdsItself(one, above, done));
  above.delete(value);
  done.add(value);
  return found;
}
