const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...["true", "True", "TRUE", ...listCases("y", "yes", "on")].map((word) => [word, true] as const),
  ...["false", "False", "FALSE", ...listCases("n", "no", "off")].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
]);
/** Words that version 3 of go-yaml, which Kustomize reads with, keeps as texts. */
const OLD_WORDS = new Set([...listCases("y", "yes", "on"), ...listCases("n", "no", "off")]);
const ENDLESS = /^(?:\.nan|\.NaN|\.NAN|[-+]?\.(?:inf|Inf|INF))$/;

/** What Go's `strconv.ParseInt` takes with base 0. */
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
/** A slip of go-yaml: the sign after the prefix. */
const SIGNED_BINARY = /^0b([-+])([01]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** After a dot, Go's own reader of numbers decides, and takes `_` between digits. */
const DOTTED_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
/** More digits than 64 bits have in any base. */
const MOST_DIGITS = 64;
const FIRST_NEGATIVE = -(2n ** 63n);
const LAST_SIGNED = 2n ** 63n - 1n;
const LAST_UNSIGNED = 2n ** 64n - 1n;

function listCases(...words: readonly string[]): readonly string[] {
  return words.flatMap((word) => [word, word.toUpperCase(), `${word.charAt(0).toUpperCase()}${word.slice(1)}`]);
}

/**
 * A plain scalar as version 2 of go-yaml reads it, and so kubectl, Argo CD and the API server, which all go through
 * sigs.k8s.io/yaml. It is YAML 1.1 with exceptions: no numbers to the base of 60, dates stay texts, `0o17` is a number.
 */
export function readGoScalar(source: string): string | number | boolean | null {
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  if (ENDLESS.test(source)) return /nan/i.test(source) ? Number.NaN : source.startsWith("-") ? -Infinity : Infinity;
  const plain = source.includes("_") ? source.replaceAll("_", "") : source;
  if (source.startsWith(".")) return DOTTED_FLOAT.test(source) ? finite(plain, source) : source;
  if (!/^[-+0-9]/.test(source)) return source;
  return integer(plain) ?? (FLOAT.test(plain) ? finite(plain, source) : source);
}

/** Whether kubectl and Kustomize read a plain scalar as different values: a yes or no, and a text. */
export function isReadTwoWays(source: string): boolean {
  return OLD_WORDS.has(source);
}

/** What is too large for a float stays a text. */
function finite(plain: string, source: string): number | string {
  const value = Number(plain);
  return Number.isFinite(value) ? value : source;
}

function integer(plain: string): number | undefined {
  const match = INTEGER.exec(plain);
  if (!match) {
    const binary = SIGNED_BINARY.exec(plain);
    return binary ? readBounded(binary[1] as string, "0b", binary[2] as string) : undefined;
  }
  const [, sign = "", hex, binary, octal, decimal] = match;
  if (hex !== undefined) return readBounded(sign, "0x", hex);
  if (binary !== undefined) return readBounded(sign, "0b", binary);
  return octal === undefined ? readBounded(sign, "", decimal as string) : readBounded(sign, "0o", octal);
}

function readBounded(sign: string, prefix: string, all: string): number | undefined {
  const digits = all.replace(/^0+(?=.)/, "");
  if (digits.length > MOST_DIGITS) return undefined;
  const size = BigInt(`${prefix}${digits}`);
  const value = sign === "-" ? -size : size;
  const last = sign === "" ? LAST_UNSIGNED : LAST_SIGNED;
  return value < FIRST_NEGATIVE || value > last ? undefined : Number(value);
}
