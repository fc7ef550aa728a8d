import { redactText } from "../secrets.ts";

/** Control and invisible characters as escapes: a text that is shown must not be able to write to the terminal. */
export function escapeInvisible(text: string): string {
  // Cc: what acts on a terminal. Cf: what shows nothing, or turns the direction of what follows. Zl, Zp: line ends.
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => {
    const code = (one.codePointAt(0) as number).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** A text of the user as a message may repeat it: key material is masked, nothing in it acts. */
export function sanitizeText(text: string): string {
  return escapeInvisible(redactText(text));
}
