import { distance } from "fastest-levenshtein";

/** Plugins without a table of which the name is near that of one with a table. */
const OTHERS = ["macvtap", "ovn", "ipam", "whereabout-cni"];

/** The plugin that a slip of one letter was meant to be: two letters in a long word, or two that changed places. */
export function findSimilarPlugin(written: string, known: readonly string[]): string | undefined {
  if (OTHERS.includes(written) || written.length < 4) return undefined;
  const letters = [...written].sort().join("");
  return known.find((word) => {
    const edits = distance(written.toLowerCase(), word);
    return edits <= (word.length >= 8 ? 2 : 1) || (edits === 2 && [...word].sort().join("") === letters);
  });
}
