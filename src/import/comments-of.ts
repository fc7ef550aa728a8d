import type { Nad } from "../lint/nad/read-nad.ts";

/** Lines that speak to tools and not to people. */
const FOR_TOOLS = /^#\s*(yaml-language-server|plumbline:|prettier-|yamllint|kics-|checkov:|renovate:|vim?:|-\*-)/;

/**
 * The comments of a network's document, in their order, with the empty comment lines between paragraphs. What stands above
 * the first `---` of a file belongs to its first document. The configuration has none: JSON knows no comments.
 */
export function readComments({ object }: Nad): readonly string[] {
  // In a list, nobody can tell whose a comment is.
  if (object.path.length > 0) return [];
  const { part } = object.doc;
  const before = part.file.text.slice(0, part.start).replace(/-{3}[^\n]*$/, "");
  const head = before.split(/\r?\n/).every((line) => /^\s*(#.*)?$/.test(line)) ? before : "";
  return paragraphs([...linesOf(head), "", ...linesOf(part.text)]);
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.startsWith("#") && !FOR_TOOLS.test(line));
}

/** Empty comment lines part two paragraphs, and say nothing anywhere else. */
function paragraphs(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let gap = false;
  for (const line of lines) {
    if (/^#*\s*$/.test(line)) gap = kept.length > 0;
    else {
      if (gap) kept.push("#");
      kept.push(line);
      gap = false;
    }
  }
  return kept;
}
