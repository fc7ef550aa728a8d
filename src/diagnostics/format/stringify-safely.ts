/** JSON of the same meaning in which no character acts on a terminal or turns the direction of what follows. */
export function stringifySafely(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (one) =>
    Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}
