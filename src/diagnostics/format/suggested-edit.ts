import { findSpan } from "../../yaml/span.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Edit } from "../edit.ts";
import { suggestWord } from "../suggest.ts";

/** Help that names one word: a slip of the user, or the network that an address is in. */
const ONE_WORD = /^(?:did you mean|write) `([\w./:-]+)`\??$/;

/**
 * The edit that a finding suggests: that of its rule, or the word that its help names in place of the word that stands there.
 * A word that is not near the one that stands there is no correction of it, but one of something else.
 */
export function suggestEdit(diagnostic: Diagnostic): Edit | undefined {
  const { fix, place, help, code } = diagnostic;
  if (fix) return fix;
  const word = ONE_WORD.exec(help ?? "")?.[1];
  if (word === undefined || !place) return undefined;
  const { file, start, end } = findSpan(place);
  const written = file.text.slice(start, end);
  const [, quote = "", bare = ""] = /^(["']?)([^"'\n]+)\1$/.exec(written) ?? [];
  const isNear = help?.startsWith("did you mean") ? suggestWord(bare, [word]) === word : code === "schema/host-bits";
  return bare !== "" && bare !== word && isNear ? { file, start, end, text: `${quote}${word}${quote}` } : undefined;
}
