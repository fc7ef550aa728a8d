import { isAmbiguousScalar, isNeverFirst } from "./plain-scalar.ts";

/** Code units that are written as escapes: controls, invisible and bidirectional marks, and what YAML calls unprintable. */
const INVISIBLE = /[\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\ufffc\ufffe\uffff]/g;
const NEEDS_ESCAPE =
  /[\x00-\x1f\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\ufffc\ufffe\uffff\p{Cs}]/u;
const NEEDS_ESCAPE_IN_BLOCK =
  /[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\ufffc\ufffe\uffff\p{Cs}]/u;

/** A literal block can't spell: only line ends, leading blanks (they would set its indentation), blanks before a line end. */
const NOT_LITERAL = /^\n*[ \t]|^\n+$|[ \t]\n|[ \t]$|\n\t/;

const SPACE = 32;
const HASH = 35;
const DASH = 45;
const COLON = 58;

/**
 * A string as it stands on one line of block-style YAML: plain where every reader of YAML 1.1 and 1.2 gives back that
 * very string, else quoted: single where that spares escapes, double with JSON's escapes otherwise.
 */
export function formatString(value: string): string {
  if (isPlain(value)) return value;
  if (!value.includes("'") && (value.includes('"') || value.includes("\\")) && !NEEDS_ESCAPE.test(value)) {
    return `'${value}'`;
  }
  return JSON.stringify(value).replace(INVISIBLE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function isPlain(value: string): boolean {
  const length = value.length;
  if (length === 0) return false;
  const first = value.charCodeAt(0);
  if (isNeverFirst(first) || first === COLON || (first === DASH && isDashIndicator(value))) return false;
  let previous = 0;
  let ascii = true;
  for (let at = 0; at < length; at++) {
    const code = value.charCodeAt(at);
    if (code < SPACE) return false;
    if (code > 126) ascii = false;
    else if (code === HASH && previous === SPACE) return false;
    else if (previous === COLON && code === SPACE) return false;
    previous = code;
  }
  if (previous === SPACE || previous === COLON) return false;
  return (ascii || !NEEDS_ESCAPE.test(value)) && !isAmbiguousScalar(value);
}

/** `-` and `- x` start a sequence, `---` a document. */
function isDashIndicator(value: string): boolean {
  return value.length === 1 || value.charCodeAt(1) === SPACE || value.startsWith("---");
}

/**
 * A string of several lines as a literal block, header first, its lines indented by `pad`, with a final line end;
 * undefined where a literal block would not read back exactly.
 */
export function formatLiteral(value: string, pad: string): string | undefined {
  if (NOT_LITERAL.test(value) || NEEDS_ESCAPE_IN_BLOCK.test(value)) return undefined;
  const header = !value.endsWith("\n") ? "|-\n" : value.endsWith("\n\n") ? "|+\n" : "|\n";
  const lines = value.replace(/\n(?=[^\n])/g, `\n${pad}`);
  const end = value.endsWith("\n") ? "" : "\n";
  return value.startsWith("\n") ? `${header}${lines}${end}` : `${header}${pad}${lines}${end}`;
}
