import { distance } from "fastest-levenshtein";

/**
 * The accepted word nearest to what was written, if it is near enough to be a slip:
 * within 40 % of its length, plus one edit. A difference of case alone counts as nothing.
 */
export function suggest(written: string, accepted: Iterable<string>): string | undefined {
  const limit = Math.floor(written.length * 0.4) + 1;
  const lower = written.toLowerCase();
  let best: string | undefined;
  let least = limit + 1;
  for (const word of accepted) {
    if (Math.abs(word.length - written.length) >= least) continue;
    const edits = word.toLowerCase() === lower ? 0 : distance(written, word);
    if (edits < least) {
      least = edits;
      best = word;
    }
  }
  return best;
}

/** `did you mean …` for a slip, else undefined. */
export function didYouMean(written: string, accepted: Iterable<string>): string | undefined {
  const word = suggest(written, accepted);
  return word === undefined ? undefined : `did you mean \`${word}\`?`;
}

/** Up to eight words, then how many more there are. */
export function listed(words: readonly string[]): string {
  const sorted = [...words].sort();
  const shown = sorted.slice(0, 8).join(", ");
  return sorted.length > 8 ? `${shown} and ${sorted.length - 8} more` : shown;
}
