/** A text with blanks put in, and the way back. */
export interface IndentedText {
  readonly text: string;
  /** The offset in the text as it was. */
  original(offset: number): number;
}

/** A key or dash with a quoted value that may go over several lines. */
const OPENING =
  /^([ \t]*)((?:- +)*)(?:[^\s#'"[\]{}][^#'"\n]*?|'[^'\n]*'|"[^"\n]*"):[ \t]+(?:[!&][^ \n]+ +)*(['"])|^([ \t]*)((?:- +)+)(['"])/;
const BLOCK = /^([ \t]*)((?:- +)*).*?(?::|-)[ \t]+(?:[!&][^ \n]+ +)*[|>][-+0-9]*[ \t]*(?:#.*)?$/;

/**
 * go-yaml and js-yaml take the further lines of a quoted text at any indentation; YAML 1.2 wants them deeper than their
 * key. Leading blanks of those lines do not count, so more of them change no value.
 */
export function indentQuotedLines(text: string): IndentedText {
  const inserted: { readonly at: number; readonly count: number }[] = [];
  const lines = text.split("\n");
  let offset = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const block = BLOCK.exec(line);
    if (block) {
      const depth = (block[1] as string).length + (block[2] as string).length;
      offset += line.length + 1;
      while (i + 1 < lines.length && isWithin(lines[i + 1] as string, depth))
        offset += (lines[++i] as string).length + 1;
      continue;
    }
    const opening = OPENING.exec(line);
    offset += line.length + 1;
    if (!opening) continue;
    const indent = (opening[1] ?? opening[4] ?? "").length + (opening[2] ?? opening[5] ?? "").length;
    const quote = (opening[3] ?? opening[6]) as string;
    if (closes(line, opening[0].length, quote)) continue;
    while (i + 1 < lines.length) {
      const next = lines[++i] as string;
      // YAML 1.2 counts no tab as indentation.
      const own = /^ */.exec(next)?.[0].length ?? 0;
      if (own <= indent && next.trim() !== "") inserted.push({ at: offset, count: indent + 1 - own });
      offset += next.length + 1;
      if (closes(next, 0, quote)) break;
    }
  }
  return applyInsertions(text, inserted);
}

function isWithin(line: string, depth: number): boolean {
  const own = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return own === line.length || own > depth;
}

/** Whether a quoted text that is open at `from` ends in this line. */
function closes(line: string, from: number, quote: string): boolean {
  for (let i = from; i < line.length; i++) {
    if (quote === '"' && line[i] === "\\") i++;
    else if (line[i] === quote) {
      if (quote === "'" && line[i + 1] === "'") i++;
      else return true;
    }
  }
  return false;
}

function applyInsertions(
  text: string,
  inserted: readonly { readonly at: number; readonly count: number }[],
): IndentedText {
  const pieces: string[] = [];
  /** Offsets in the new text from which on `shift` counts. */
  const shifts: { readonly from: number; readonly shift: number }[] = [];
  let before = 0;
  let shift = 0;
  for (const { at, count } of inserted) {
    pieces.push(text.slice(before, at), " ".repeat(count));
    before = at;
    shift += count;
    shifts.push({ from: at + shift, shift });
  }
  pieces.push(text.slice(before));
  return {
    text: pieces.join(""),
    original(offset) {
      let low = 0;
      let high = shifts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((shifts[middle]?.from as number) <= offset) low = middle + 1;
        else high = middle;
      }
      return offset - (shifts[low - 1]?.shift ?? 0);
    },
  };
}
