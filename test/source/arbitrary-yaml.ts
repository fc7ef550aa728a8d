import fc from "fast-check";
import { stringify } from "yaml";

const LOOKALIKES = [
  "yes",
  "No",
  "on",
  "OFF",
  "y",
  "N",
  "null",
  "Null",
  "~",
  "true",
  "False",
  "=",
  "<<",
  "1",
  "-1",
  "+1",
  "0",
  "-0",
  "010",
  "0o17",
  "0x1f",
  "0b11",
  "1e3",
  "1E-3",
  "1.5",
  "-1.5e+3",
  ".5",
  "5.",
  ".",
  "._",
  "e3",
  "+e3",
  "1_000",
  "12:30",
  "12:30:45",
  "1:2.5",
  ".inf",
  "-.Inf",
  ".NaN",
  "2001-12-14",
  "2001-12-14 21:59:43.10 -5",
  "2001-12-14t21:59:43Z",
  "---",
  "...",
  "--- a",
  "... a",
  "-",
  "?",
  ":",
  "- a",
  "? a",
  ": a",
  "a: b",
  "a:",
  "a #b",
  "#a",
  "a#",
  "10.0.0.1",
  "10.0.0.0/24",
  "fd00::1",
  "::1",
  "1.2.3",
  "__proto__",
  "constructor",
  "toString",
  "%YAML 1.2",
  "!tag",
  "&a",
  "*a",
  "|",
  ">-",
  "{}",
  "[]",
  "{a: b}",
  '"a"',
  "'a'",
  "a'b",
  'a"b',
  "\\n",
  "\ufeff",
  "\u0085",
  "\u2028",
  "\ud800",
  "\u00a0a",
  "\x7f",
  "é",
  "日本",
  "😀",
];

const spelling = fc.constantFrom(..."  ab01-+.:_#,[]{}\"'|>&*!%@`?=~<\\/eExXoOtTnNyY\t\n\n\r\u0085\u2028\ufeff\u00a0é");
/** Short strings of the characters that mean something to YAML, words that look like other things, and any string at all. */
export const awkwardString: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...LOOKALIKES),
  fc.array(spelling, { maxLength: 8 }).map((all) => all.join("")),
  fc
    .array(fc.constantFrom("a", " ", "\n", "\n\n", "\t", "b c", "#", "- ", "x: y"), { maxLength: 8 })
    .map((all) => all.join("")),
  fc.array(fc.constantFrom(..."0123456789_.:-+eExoTZ abcdef"), { maxLength: 7 }).map((all) => all.join("")),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom("name", "spec", "ports", "tcp/8443"),
);

/** Any JSON value with awkward strings as keys and values; numbers without NaN and infinities. */
export const jsonValue: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.oneof(
      awkwardString,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(awkwardString, tie("node"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

const VARIANTS = fc.record({
  indent: fc.constantFrom(2, 4, 3),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom("any", "any", "block", "flow"),
  singleQuote: fc.constantFrom(null, true, false),
  defaultStringType: fc.constantFrom("PLAIN", "PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_FOLDED", "BLOCK_LITERAL"),
  defaultKeyType: fc.constantFrom(null, "PLAIN", "QUOTE_DOUBLE"),
  lineWidth: fc.constantFrom(0, 20, 80),
  nullStr: fc.constantFrom("null", "~", ""),
  flowCollectionPadding: fc.boolean(),
  blockQuote: fc.oneof(fc.constant(true), fc.constantFrom("literal", "folded")),
  aliasDuplicateObjects: fc.constant(false),
});

/** Values spelt in many ways by another writer, with comments and blank lines between. */
export const stringified: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.oneof(simpleValue(), jsonValue), VARIANTS), { minLength: 1, maxLength: 3 })
  .chain((documents) => withComments(documents.map(([value, variant]) => stringify(value, variant)).join("---\n")));

/** JSON values as manifests have them: mostly simple keys and words. */
function simpleValue(): fc.Arbitrary<unknown> {
  const word = fc.constantFrom(
    "a",
    "name",
    "spec",
    "tcp/80",
    "10.0.0.0/24",
    "x y",
    "it's",
    'say "x"',
    "two\nlines",
    "end\n",
    "a\n\nb\n\n",
  );
  return fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5, depthSize: "medium" },
      fc.oneof(word, fc.integer({ min: -99, max: 9999 }), fc.boolean(), fc.constant(null), fc.constant(1.5)),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(
        word.filter((key) => !key.includes("\n")),
        tie("node"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  })).node;
}

function withComments(text: string): fc.Arbitrary<string> {
  const lines = text.split("\n");
  const insertion = fc.tuple(
    fc.nat({ max: lines.length }),
    fc.constantFrom("", "# c", "  # c", "     # c: d", "- # c", "   "),
    fc.constantFrom("", "", " # c", "# c", " "),
  );
  return fc.array(insertion, { maxLength: 3 }).map((insertions) => {
    const all = [...lines];
    for (const [at, line, suffix] of insertions) {
      if (suffix === "") all.splice(at, 0, line);
      else all[at] = `${all[at] ?? ""}${suffix}`;
    }
    return all.join("\n");
  });
}

const FRAGMENTS = [
  "a:",
  "b:",
  "c: ",
  "a: b",
  "b: c",
  "- ",
  "- a",
  "- a: 1",
  "- - x",
  "-",
  "- b:",
  "[a, b]",
  "{a: b}",
  "[",
  "]",
  "{",
  "}",
  ",",
  ", ",
  "|",
  ">",
  "|-",
  ">-",
  "|+",
  ">+",
  "a: |",
  "b: >-",
  "- |",
  "#",
  "# c",
  " #c",
  "'x'",
  '"x"',
  '"x": ',
  "'it''s'",
  "x",
  "x y",
  "? ",
  ": ",
  ":",
  "---",
  "--- ",
  "...",
  "&a ",
  "*a",
  "!t ",
  "1",
  "null",
  "~",
  "yes",
  "%",
  "a:b",
  "a #b",
  "a# b",
  "\\",
  '"',
  "'",
  " ",
  "  ",
];
/** Lines of fragments of YAML at any indentation: mostly wrong, sometimes just right. */
export const fragments: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "", "  ", "  ", "    ", " ", "   "),
      fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .chain((lines) =>
    fc.constantFrom("\n", "").map((end) => lines.map(([pad, parts]) => pad + parts.join("")).join("\n") + end),
  );

/** A text with a few characters or stretches deleted, doubled, replaced or inserted. */
export function mutated(text: string): fc.Arbitrary<string> {
  const edit = fc.record({
    where: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 6 }),
    inserted: fc.constantFrom(
      "",
      "",
      " ",
      "  ",
      "\n",
      ":",
      ": ",
      "-",
      "- ",
      "#",
      " #",
      "'",
      '"',
      ",",
      "[",
      "]",
      "{",
      "}",
      "|",
      "\t",
      "x",
      "\\",
      "---\n",
    ),
    doubled: fc.boolean(),
  });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) =>
    edits.reduce((current, { where, length, inserted, doubled }) => {
      const at = Math.floor(where * current.length);
      const stretch = current.slice(at, at + length);
      return current.slice(0, at) + (doubled ? stretch + stretch : "") + inserted + current.slice(at + length);
    }, text),
  );
}
