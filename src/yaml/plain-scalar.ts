/** What YAML 1.1 or 1.2 takes for something else than the string, in lower case; readers differ on which spellings count. */
const WORDS = new Set(["~", "=", "<<", "y", "n", "on", "no", "off", "yes", "null", "true", "false"]);
const LONGEST_WORD = 5;

/** Words that mean the same in YAML 1.1 and 1.2. */
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ...["~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

/** A superset of every number, date and sexagesimal of YAML 1.1 and 1.2, and of what go-yaml takes (`+_1`). */
const NUMBER_LIKE = /^[-+]?_*(?:[0-9.][0-9a-fA-FxXoOiInNtTzZ_.:+\- ]*|[eE][-+]?[0-9]+)$/;
/** Two dots before any colon: an IPv4 address, a range of them, an address with a port, a version; a number in no YAML. */
const DOTTED = /^[0-9]+\.[0-9]*\.[0-9.-]*(?::[0-9]+)?$/;
/** The numbers that all readers of YAML 1.1 and 1.2 agree on, as long as a double holds their digits. */
const NUMBER = /^(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+][0-9]+)?)$/;

const NEVER_FIRST = 1;
const NUMBER_FIRST = 2;
const WORD_FIRST = 3;
/** What a first character says about a plain scalar: 0 = nothing. */
const FIRST = new Uint8Array(128);
for (const character of " ?,[]{}#&*!|>'\"%@`\n") FIRST[character.charCodeAt(0)] = NEVER_FIRST;
for (const character of "0123456789+-.eE") FIRST[character.charCodeAt(0)] = NUMBER_FIRST;
for (const character of "~=<ynotfYNOTF") FIRST[character.charCodeAt(0)] = WORD_FIRST;

const ZERO = 48;
const NINE = 57;

/** Whether no plain scalar can start with this character. */
export function isNeverFirst(code: number): boolean {
  return code < 128 && FIRST[code] === NEVER_FIRST;
}

/** Whether a plain scalar is, or to some reader of YAML looks like, a null, a boolean, a number or a date. */
export function isAmbiguousScalar(text: string): boolean {
  const first = text.charCodeAt(0);
  const hint = first < 128 ? FIRST[first] : 0;
  if (hint === WORD_FIRST) return text.length <= LONGEST_WORD && WORDS.has(text.toLowerCase());
  return hint === NUMBER_FIRST && NUMBER_LIKE.test(text) && !DOTTED.test(text);
}

/** The value of a plain scalar; undefined where readers of YAML 1.1 and 1.2 could disagree. */
export function readPlainScalar(text: string): string | number | boolean | null | undefined {
  const first = text.charCodeAt(0);
  if (text.length === 1 && first >= ZERO && first <= NINE) return first - ZERO;
  if (!isAmbiguousScalar(text)) return text;
  if (NUMBER.test(text)) return Number(text);
  return CONSTANTS.get(text);
}

/**
 * Keys met before, found by their length and three characters: a document's keys are few and come again and again, and
 * a string that is one object already needs neither copying nor hashing to become a property name. Holds no values.
 */
const SLOTS = 2048;
const LONGEST_KNOWN = 64;
const known: string[] = new Array<string>(SLOTS).fill("");

/** The key that a plain scalar is; undefined where `plainValue` would not give a string. */
export function readPlainKey(text: string, start: number, end: number): string | undefined {
  const length = end - start;
  const ends = text.charCodeAt(start) * 31 + text.charCodeAt(end - 1);
  const slot = ((ends * 31 + text.charCodeAt(start + (length >> 1))) * 31 + length) % SLOTS;
  const candidate = known[slot] as string;
  if (candidate.length === length && text.startsWith(candidate, start)) return candidate;
  const key = text.slice(start, end);
  if (isAmbiguousScalar(key)) return undefined;
  if (length > LONGEST_KNOWN) return key;
  const flat = Object.keys({ [key]: 0 })[0] as string;
  known[slot] = flat;
  return flat;
}
