import type { Nad } from "../lint/nad/read-nad.ts";

/** Lines that speak to tools and not to people. */
const FOR_TOOLS = /^#\s*(yaml-language-server|plumbline:|prettier-|yamllint|kics-|checkov:|renovate:|vim?:|-\*-)/;

/** The comments of a network's document, in their order. Its configuration has none: JSON knows no comments. */
export function commentsOf({ object }: Nad): readonly string[] {
  // In a list, nobody can tell whose a comment is.
  if (object.path.length > 0) return [];
  return object.doc.part.text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => /^#\s*\S/.test(line) && !FOR_TOOLS.test(line));
}
