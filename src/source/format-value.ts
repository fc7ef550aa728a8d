/**
 * An untyped value of a manifest in words. `String` asks an object for its own `toString`, which may be a key that a
 * manifest holds, and be no function.
 */
export function formatValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "[…]" : "{…}";
}
