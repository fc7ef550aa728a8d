import type { Token } from "./lexer.ts";

/** Not a slip of the user: a text outside of the subset that is understood. Caught where the ruleset is parsed. */
export class NotUnderstood extends Error {
  readonly at: number;

  constructor(why: string, at: number) {
    super(why);
    this.at = at;
  }
}

export interface TokenCursor {
  readonly tokens: readonly Token[];
  readonly length: number;
  next: number;
}

export function peekToken(cursor: TokenCursor): Token | undefined {
  return cursor.tokens[cursor.next];
}

export function throwNotUnderstood(cursor: TokenCursor, why: string): never {
  throw new NotUnderstood(why, peekToken(cursor)?.at ?? cursor.length);
}

export function takeToken(cursor: TokenCursor): Token {
  const token = cursor.tokens[cursor.next];
  if (!token) return throwNotUnderstood(cursor, "the text ends too soon");
  cursor.next++;
  return token;
}

/** Takes a word or mark if it stands next. */
export function takeIf(cursor: TokenCursor, text: string): boolean {
  const token = peekToken(cursor);
  if (!token || token.type === "string" || token.type === "end" || token.text !== text) return false;
  cursor.next++;
  return true;
}

export function expectToken(cursor: TokenCursor, text: string): void {
  if (!takeIf(cursor, text)) throwNotUnderstood(cursor, `\`${text}\` was expected`);
}

export function takeWord(cursor: TokenCursor): string {
  const token = peekToken(cursor);
  if (token?.type !== "word") return throwNotUnderstood(cursor, "a word was expected");
  cursor.next++;
  return token.text;
}

export function skipEnds(cursor: TokenCursor): void {
  while (peekToken(cursor)?.type === "end") cursor.next++;
}

/** Whether a statement ends here. */
export function isAtEnd(cursor: TokenCursor): boolean {
  const token = peekToken(cursor);
  return !token || token.type === "end" || (token.type === "mark" && token.text === "}");
}

/** One word or string, or all of a `{ … }`. */
export function takeWords(cursor: TokenCursor): string[] {
  if (!takeIf(cursor, "{")) return [textOf(cursor)];
  const found: string[] = [];
  skipEnds(cursor);
  while (!takeIf(cursor, "}")) {
    found.push(textOf(cursor));
    skipEnds(cursor);
    takeIf(cursor, ",");
    skipEnds(cursor);
  }
  return found;
}

function textOf(cursor: TokenCursor): string {
  const token = takeToken(cursor);
  if (token.type !== "word" && token.type !== "string") {
    cursor.next--;
    return throwNotUnderstood(cursor, "a value was expected");
  }
  return token.text;
}
