import fc from "fast-check";
import { expect, test } from "vitest";
import { Document, isMap, isScalar, parseDocument, Scalar, stringify } from "yaml";
import { mapContentOffsets } from "../../src/lint/embedded/content-offsets.ts";

const styles = [
  Scalar.PLAIN,
  Scalar.QUOTE_SINGLE,
  Scalar.QUOTE_DOUBLE,
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
] as const;

/** What a character of the content may stand as in the text: itself, or an escape that begins there. */
function standsAt(text: string, offset: number, character: string): boolean {
  return text[offset] === character || text[offset] === "\\";
}

const json = fc.json({ maxDepth: 3 }).map((text) => JSON.stringify(JSON.parse(text), null, 2));
const odd = fc.stringMatching(/^[a-z'"\\:,{}[\] \n\t#é😀-]{1,60}$/u);

test("every character that is no blank has its place, in every style", () => {
  fc.assert(
    fc.property(
      fc.oneof(json, odd),
      fc.constantFrom(...styles),
      fc.integer({ min: 20, max: 100 }),
      (content, type, lineWidth) => {
        const scalar = new Scalar(content);
        scalar.type = type;
        const document = new Document({ spec: {} });
        document.setIn(["spec", "config"], scalar);
        const text = stringify(document, { lineWidth });
        const read = parseDocument(text);
        const root = read.contents;
        if (!isMap(root)) throw new Error("no map");
        const node = root.getIn(["spec", "config"], true);
        // A text that looks like a number comes back as one.
        if (!isScalar(node) || typeof node.value !== "string") return;
        const offsets = mapContentOffsets(text, node);
        expect(offsets.length).toBe(node.value.length + 1);
        for (let i = 0; i < node.value.length; i++) {
          const character = node.value[i] as string;
          const low = node.value.charCodeAt(i) >= 0xdc00 && node.value.charCodeAt(i) <= 0xdfff;
          if (/\s/.test(character) || low) continue;
          if (!standsAt(text, offsets[i] as number, character)) expect({ text, i, character }).toBe("placed");
        }
      },
    ),
    { numRuns: 2000 },
  );
});

for (const header of ["|", "|-", "|+", ">", ">-", "|2", "|-  # why"])
  test(`block scalar with header ${header}`, () => {
    const text = `spec:\n  config: ${header}\n    {\n      "type": "macvlan",\n\n      "vlan": 1\n    }\n`;
    const node = parseDocument(text).getIn(["spec", "config"], true);
    if (!isScalar(node)) throw new Error("no scalar");
    const at = String(node.value).indexOf('"vlan"');
    expect(mapContentOffsets(text, node)[at]).toBe(text.indexOf('"vlan"'));
  });

test("escapes and joined lines in double quotes", () => {
  const text = 'a: "{ \\"x\\": \\\n     1, \\u0022y\\x22: \\U0001F600 }"\n';
  const node = parseDocument(text).get("a", true);
  if (!isScalar(node)) throw new Error("no scalar");
  const content = String(node.value);
  const offsets = mapContentOffsets(text, node);
  expect(offsets[content.indexOf('"x')]).toBe(text.indexOf('\\"x'));
  expect(offsets[content.indexOf("1,")]).toBe(text.indexOf("1,"));
  expect(offsets[content.indexOf('"y')]).toBe(text.indexOf("\\u0022"));
  expect(offsets[content.indexOf("}")]).toBe(text.indexOf("}"));
});
