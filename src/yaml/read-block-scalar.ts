import { DASH, GREATER, LINE_END, moveToContent, SPACE, type YamlCursor } from "./yaml-cursor.ts";

const PLUS = 43;

/**
 * A literal or folded scalar, from its `|` or `>` to the next content. `column` is that of the collection it stands in.
 * Left to the full reader (undefined): indentation indicators, no content, more-indented lines in folded scalars, and
 * lines of blanks that reach past the indentation.
 */
export function readBlockScalar(cursor: YamlCursor, column: number): string | undefined {
  const text = cursor.text;
  const folded = text.charCodeAt(cursor.at) === GREATER;
  const chomping = text.charCodeAt(cursor.at + 1);
  const chomps = chomping === DASH || chomping === PLUS;
  const body = bodyAfter(text, cursor.at + (chomps ? 2 : 1));
  const indent = body === -1 ? -1 : indentOf(text, body);
  if (indent <= column) return undefined;
  const content = folded ? readFolded(cursor, body, indent) : readLiteral(cursor, body, indent);
  if (content === undefined) return undefined;
  const trailing = countTrailing(content);
  moveToContent(cursor, cursor.at);
  const bare = content.slice(0, content.length - trailing);
  if (chomping === DASH) return bare;
  return chomping === PLUS ? content : `${bare}\n`;
}

/** The line after a header that ends at `at`, where only a comment may follow; -1 for anything else. */
function bodyAfter(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  if (text.charCodeAt(at) === LINE_END) return at + 1;
  return at > from && text[at] === "#" ? text.indexOf("\n", at) + 1 : -1;
}

/** The indentation of the first line that is not blank; -1 where there is none. */
function indentOf(text: string, from: number): number {
  let lineStart = from;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_END) lineStart = at + 1;
    else if (code !== SPACE) return at - lineStart;
  }
  return -1;
}

/** The offset of the first character past `indent` spaces; where the line is blank, its line end; -1 if less indented. */
function contentAt(text: string, lineStart: number, indent: number): number {
  const stop = lineStart + indent;
  let at = lineStart;
  while (at < stop && text.charCodeAt(at) === SPACE) at++;
  return at === stop || text.charCodeAt(at) === LINE_END ? at : -1;
}

/** Whether a line holds only blanks, some of them past the indentation. */
function isOverlongBlank(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return at > from && text.charCodeAt(at) === LINE_END;
}

function readLiteral(cursor: YamlCursor, body: number, indent: number): string | undefined {
  const text = cursor.text;
  let value = "";
  let lineStart = body;
  while (lineStart < text.length) {
    const at = contentAt(text, lineStart, indent);
    if (at === -1) break;
    if (isOverlongBlank(text, at)) return undefined;
    const next = text.indexOf("\n", at) + 1;
    value += text.slice(at, next);
    lineStart = next;
  }
  cursor.at = lineStart;
  return value;
}

/** Lines are joined by a space; of the line ends around blank lines, the first is dropped. */
function readFolded(cursor: YamlCursor, body: number, indent: number): string | undefined {
  const text = cursor.text;
  let value = "";
  let blanks = 0;
  let lineStart = body;
  while (lineStart < text.length) {
    const at = contentAt(text, lineStart, indent);
    if (at === -1) break;
    const next = text.indexOf("\n", at) + 1;
    if (next === at + 1) blanks++;
    else {
      if (text.charCodeAt(at) === SPACE) return undefined;
      value += blanks > 0 ? "\n".repeat(blanks) : value === "" ? "" : " ";
      value += text.slice(at, next - 1);
      blanks = 0;
    }
    lineStart = next;
  }
  cursor.at = lineStart;
  return `${value}\n${"\n".repeat(blanks)}`;
}

function countTrailing(content: string): number {
  let count = 0;
  while (content.charCodeAt(content.length - 1 - count) === LINE_END) count++;
  return count;
}
