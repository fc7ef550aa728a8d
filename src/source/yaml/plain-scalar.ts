/** What YAML 1.1 or 1.2 takes for something else than the string, in lower case; readers differ on which spellings count. */
const WORDS = new Set(["~", "=", "<<", "y", "n", "on", "no", "off", "yes", "null", "true", "false"]);
const LONGEST_WORD = 5;

/** Words that mean the same in YAML 1.1 and 1.2. */
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ...["~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

/** A superset of every number, date and sexagesimal of YAML 1.1 and 1.2. */
const NUMBER_LIKE = /^[-+]?(?:[0-9.][0-9a-fA-FxXoOiInNtTzZ_.:+\- ]*|[eE][-+]?[0-9]+)$/;
/** Two dots and no colon: an IPv4 address, a range of them, a version; a number in no YAML. */
const DOTTED = /^[0-9]+\.[0-9]*\.[0-9.-]*$/;
/** The numbers that all readers of YAML 1.1 and 1.2 agree on, as long as a double holds their digits. */
const NUMBER = /^(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+][0-9]+)?)$/;

const NEVER_FIRST = 1;
const NUMBER_FIRST = 2;
/** What a first character says about a plain scalar: 0 = nothing. */
const FIRST = new Uint8Array(128);
for (const character of " ?,[]{}#&*!|>'\"%@`\n") FIRST[character.charCodeAt(0)] = NEVER_FIRST;
for (const character of "0123456789+-.eE") FIRST[character.charCodeAt(0)] = NUMBER_FIRST;

const ZERO = 48;
const NINE = 57;

/** Whether no plain scalar can start with this character. */
export function isNeverFirst(code: number): boolean {
  return code < 128 && FIRST[code] === NEVER_FIRST;
}

/** Whether a plain scalar is, or to some reader of YAML looks like, a null, a boolean, a number or a date. */
export function looksTyped(text: string): boolean {
  if (text.length <= LONGEST_WORD && WORDS.has(text.toLowerCase())) return true;
  const first = text.charCodeAt(0);
  if (first >= 128 || FIRST[first] !== NUMBER_FIRST) return false;
  return NUMBER_LIKE.test(text) && !DOTTED.test(text);
}

/** The value of a plain scalar; undefined where readers of YAML 1.1 and 1.2 could disagree. */
export function plainValue(text: string): string | number | boolean | null | undefined {
  const first = text.charCodeAt(0);
  if (text.length === 1 && first >= ZERO && first <= NINE) return first - ZERO;
  if (!looksTyped(text)) return text;
  if (NUMBER.test(text)) return Number(text);
  return CONSTANTS.get(text);
}
