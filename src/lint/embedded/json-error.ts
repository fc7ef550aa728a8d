/** What is wrong with a JSON text, and where. */
export interface JsonError {
  readonly start: number;
  readonly end: number;
  readonly what: string;
  readonly help?: string;
  /** An edit of the text after which it reads on as meant. */
  readonly fix?: { readonly start: number; readonly end: number; readonly text: string };
}

/** What stands where a value or a key should, in words, and what to write instead. */
export function reportUnexpectedText(text: string, at: number): JsonError {
  const rest = text.slice(at, at + 60);
  const comment = /^(?:\/\/|#)[^\n]*|^\/\*[\s\S]*?\*\//.exec(text.slice(at));
  if (comment) {
    const end = at + comment[0].trimEnd().length;
    return { start: at, end, what: "JSON has no comments", help: "delete it, or put it above the key in YAML" };
  }
  if (rest.startsWith("'")) return { start: at, end: at + 1, what: "JSON has no single quotes", help: 'write `"`' };
  if (/^[“”„‟]/.test(rest))
    return { start: at, end: at + 1, what: "this quotation mark is none of JSON's", help: 'write `"`' };
  const word = /^[A-Za-z_][\w.-]*/.exec(rest)?.[0];
  if (word !== undefined) {
    const lower = word.toLowerCase();
    const meant = ["true", "false", "null"].includes(lower)
      ? lower
      : lower === "none" || lower === "nil"
        ? "null"
        : undefined;
    return {
      start: at,
      end: at + word.length,
      what: `\`${word}\` is not valid JSON`,
      help: meant === undefined ? `write \`"${word}"\`` : `write \`${meant}\``,
    };
  }
  const number = /^[+-]?[\d.][\w.+-]*/.exec(rest)?.[0];
  if (number !== undefined)
    return {
      start: at,
      end: at + number.length,
      what: `\`${number}\` is not a JSON number`,
      help: `write \`"${number}"\` for text`,
    };
  const character = rest[0];
  if (character === undefined) return { start: at, end: at, what: "the JSON ends too early" };
  return { start: at, end: at + 1, what: `\`${character}\` does not belong here` };
}
