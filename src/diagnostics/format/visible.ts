import { redact } from "../secrets.ts";

/** Control and invisible characters as escapes: a text that is shown must not be able to write to the terminal. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** A text of the user as a message may repeat it: key material is masked, nothing in it acts. */
export function safe(text: string): string {
  return visible(redact(text));
}
