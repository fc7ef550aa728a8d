import { distance } from "fastest-levenshtein";

/**
 * The accepted word nearest to what was written, if it is near enough to be a slip:
 * within 40 % of its length, plus one edit. A difference of case alone counts as nothing.
 */
export function suggestWord(written: string, accepted: Iterable<string>): string | undefined {
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
export function formatSuggestion(written: string, accepted: Iterable<string>): string | undefined {
  const word = suggestWord(written, accepted);
  return word === undefined ? undefined : `did you mean \`${word}\`?`;
}

/** The same for ids such as `isolationzone/pci`: their kind may be another one, or be left out. Names count, kinds hardly. */
export function formatIdSuggestion(written: string, ids: readonly string[]): string | undefined {
  const split = (id: string) => [id.slice(0, id.lastIndexOf("/") + 1), id.slice(id.lastIndexOf("/") + 1)] as const;
  const [kind, name] = split(written);
  const nearIn = (among: readonly string[]) => {
    const word = suggestWord(
      name,
      among.map((id) => split(id)[1]),
    );
    return among.find((id) => split(id)[1] === word);
  };
  const namesake = ids.find((id) => split(id)[1] === name);
  const near =
    namesake ?? nearIn(ids.filter((id) => split(id)[0] === kind)) ?? nearIn(ids) ?? suggestWord(written, ids);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

/** Up to eight words, then how many more there are. */
export function formatList(words: readonly string[]): string {
  const sorted = [...words].sort();
  const shown = sorted.slice(0, 8).join(", ");
  return sorted.length > 8 ? `${shown} and ${sorted.length - 8} more` : shown;
}
