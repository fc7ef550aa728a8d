/** A word, a quoted string, or a mark of the nft language; `end` ends a statement. */
export interface Token {
  readonly type: "word" | "string" | "mark" | "end";
  readonly text: string;
  /** Offset in the text. */
  readonly at: number;
}

const MARKS = ["==", "!=", "<=", ">=", "{", "}", "(", ")", "[", "]", ",", "=", "&", "|", "<", ">", ":"];
/** Addresses, ranges, names, sets and numbers are one word each. A colon belongs to one only inside an IPv6 address. */
const WORD = /[A-Za-z0-9_.\-/@*]/;
const ADDRESS6 = /[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?:\/\d+)?(?:-[0-9a-fA-F:]*:[0-9a-fA-F:.]*)?/y;

/** The tokens of a ruleset, or the offset of a character that is no part of the language. */
export function tokenize(text: string): readonly Token[] | number {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === "#") at = endOfLine(text, at);
    else if (char === "\n" || char === ";") found.push({ type: "end", text: char, at: at++ });
    else if (char === " " || char === "\t" || char === "\r") at++;
    else if (char === "\\" && text[at + 1] === "\n") at += 2;
    else {
      const token = tokenAt(text, at);
      if (!token) return at;
      found.push(token);
      at += token.type === "string" ? token.text.length + 2 : token.text.length;
    }
  }
  return found;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function tokenAt(text: string, at: number): Token | undefined {
  if (text[at] === '"') {
    const end = text.indexOf('"', at + 1);
    return end < 0 ? undefined : { type: "string", text: text.slice(at + 1, end), at };
  }
  ADDRESS6.lastIndex = at;
  const address = ADDRESS6.exec(text);
  if (address) return { type: "word", text: address[0], at };
  let end = at;
  while (end < text.length && WORD.test(text[end] as string)) end++;
  if (end > at) return { type: "word", text: text.slice(at, end), at };
  const mark = MARKS.find((one) => text.startsWith(one, at));
  return mark === undefined ? undefined : { type: "mark", text: mark, at };
}
