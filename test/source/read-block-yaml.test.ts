import { readFileSync } from "node:fs";
import fc from "fast-check";
import fastGlob from "fast-glob";
import { describe, expect, it } from "vitest";
import { emitYaml, emitYamlDocuments } from "../../src/yaml/emit-yaml.ts";
import { readBlockYaml } from "../../src/yaml/read-block-yaml.ts";
import { fragments, jsonValue, mutated, stringified } from "./arbitrary-yaml.ts";
import { acceptedAsYamlReads } from "./same-as-yaml.ts";

const RUNS = { numRuns: 4000 };

const INTENTS = `# Two zones and what joins them.
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: pci, labels: {tier: "1"}}   # flow
spec:
  description: |
    Card data.

      Nobody else.
  namespaces: [payments, ledger]
  members:
    - {workload: {namespace: payments, kind: Deployment, name: card}, interface: net1, defaultRoute: false}
    - workload:
        namespace: ledger
        kind: StatefulSet
        name: db
      addresses:
      - 10.10.0.20
      - "fd00::20"
  network:
    uplink: data
    vlan: 110
    subnets: [
      10.10.0.0/24,   # the first
      'fd00::/64'
    ]
    ratio: 1.5
    reserved:
    - 10.10.0.1-10.10.0.15
  note: >-
    folded
    text

    in two paragraphs
---
kind: FirewallPair
metadata:
  name: edge
spec:
  legs: []
  rules:
    - - a
      - b: c
        d:
    -
      name: web
  empty:
`;

describe("readBlockYaml", () => {
  it("reads what intents are written in", () => {
    expect(readBlockYaml(INTENTS)).toEqual([
      {
        apiVersion: "plumbline.dev/v1alpha1",
        kind: "IsolationZone",
        metadata: { name: "pci", labels: { tier: "1" } },
        spec: {
          description: "Card data.\n\n  Nobody else.\n",
          namespaces: ["payments", "ledger"],
          members: [
            {
              workload: { namespace: "payments", kind: "Deployment", name: "card" },
              interface: "net1",
              defaultRoute: false,
            },
            {
              workload: { namespace: "ledger", kind: "StatefulSet", name: "db" },
              addresses: ["10.10.0.20", "fd00::20"],
            },
          ],
          network: {
            uplink: "data",
            vlan: 110,
            subnets: ["10.10.0.0/24", "fd00::/64"],
            ratio: 1.5,
            reserved: ["10.10.0.1-10.10.0.15"],
          },
          note: "folded text\nin two paragraphs",
        },
      },
      {
        kind: "FirewallPair",
        metadata: { name: "edge" },
        spec: { legs: [], rules: [["a", { b: "c", d: null }], { name: "web" }], empty: null },
      },
    ]);
    expect(acceptedAsYamlReads(INTENTS)).toBe(true);
  });

  it.each([
    ["nothing", "", []],
    ["comments", "# a\n\n  # b\n", []],
    ["no final line end", "a: b", [{ a: "b" }]],
    ["empty documents", "---\n---\n# c\n--- # d\na: 1\n---\n", [null, null, { a: 1 }, null]],
    [
      "a list at the indentation of its key",
      "a:\n- 1\n- b: 2\n  c:\n  - 3\nd: 4\n",
      [{ a: [1, { b: 2, c: [3] }], d: 4 }],
    ],
    ["nulls", "a:\nb: ~\nc: null # x\nd: Null\n", [{ a: null, b: null, c: null, d: null }]],
    ["empty items", "-\n- a\n-\n", [[null, "a", null]]],
    ["booleans", "- true\n- True\n- FALSE\n", [[true, true, false]]],
    [
      "numbers",
      "- 0\n- -1\n- 999999999999999\n- 1.50\n- -0.5\n- 1.0e+21\n",
      [[0, -1, 999999999999999, 1.5, -0.5, 1e21]],
    ],
    [
      "addresses",
      "- 10.0.0.1\n- 10.0.0.0/24\n- fd00::1\n- ::/0\n- 1.2.3\n",
      [["10.0.0.1", "10.0.0.0/24", "fd00::1", "::/0", "1.2.3"]],
    ],
    [
      "quotes",
      `a: "x\\n\\u00e9\\"" # c\nb: 'it''s'\n"c d": ''\n'e': ""\n`,
      [{ a: 'x\né"', b: "it's", "c d": "", e: "" }],
    ],
    ["hashes and colons inside", "a: b#c:d\ne: f::g # h\n", [{ a: "b#c:d", e: "f::g" }]],
    ["JSON", '{\n  "a":1, "b": [true, null, "x"],\n  "c": {}\n}\n', [{ a: 1, b: [true, null, "x"], c: {} }]],
    ["a closing bracket under its key", "a: [\n  1,\n]\nb: {\n  c: 2\n}\n", [{ a: [1], b: { c: 2 } }]],
    ["chomping", "a: |+\n  x\n\nb: |-\n  x\n\nc: >+\n  x\n  y\n\n", [{ a: "x\n\n", b: "x", c: "x y\n\n" }]],
    ["blank lines first in a block", "a: |\n\n\n  x\nb: >\n\n  x\n", [{ a: "\n\nx\n", b: "\nx\n" }]],
    ["a block scalar without a line end", "a: |+\n  x", [{ a: "x\n" }]],
    ["comments at any column", "a:\n# c\n  b: 1\n      # d\n  # e\nf: 2\n", [{ a: { b: 1 }, f: 2 }]],
    ["a comment after a block scalar", "a:\n  b: |\n    x\n # c\n  d: 1\n", [{ a: { b: "x\n", d: 1 } }]],
  ])("reads %s", (_name, text, documents) => {
    expect(readBlockYaml(text)).toEqual(documents);
    expect(acceptedAsYamlReads(text)).toBe(true);
  });

  it.each([
    ["an anchor", "a: &x 1\n"],
    ["an alias", "a: *x\n"],
    ["a tag", "a: !t b\n"],
    ["a directive", "%YAML 1.2\n---\na: 1\n"],
    ["a complex key", "? a\n: b\n"],
    ["a merge key", "<<: {a: 1}\n"],
    ["a tab", "a:\tb\n"],
    ["CR", "a: 1\r\n"],
    ["BOM", "\ufeffa: 1\n"],
    ["a control character", "a: \u0001\n"],
    ["U+2028", "a: \u2028\n"],
    ["U+0085", "a: \u0085\n"],
    ["a duplicate key", "a: 1\na: 2\n"],
    ["a duplicate in flow", "{a: 1, a: 2}\n"],
    ["a number as a key", "1: a\n"],
    ["a boolean as a key", "on: a\n"],
    ["__proto__", "__proto__: {a: 1}\n"],
    ["__proto__ in flow", "{__proto__: {a: 1}}\n"],
    ["constructor", "constructor: a\n"],
    ["prototype", "prototype: a\n"],
    ["a plain scalar of two lines", "a: b\n  c\n"],
    ["a quoted scalar of two lines", 'a: "b\n  c"\n'],
    ["yes", "a: yes\n"],
    ["Off", "a: Off\n"],
    ["y", "a: [y]\n"],
    ["010", "a: 010\n"],
    ["0o17", "a: 0o17\n"],
    ["0x1f", "a: 0x1f\n"],
    ["1e2", "a: 1e2\n"],
    ["12:30:45", "a: 12:30:45\n"],
    ["1_000", "a: 1_000\n"],
    ["0b1", "a: 0b1\n"],
    [".inf", "a: .inf\n"],
    ["a date", "a: 2001-12-14\n"],
    ["+1", "a: +1\n"],
    ["a number past what a double holds", "a: 9007199254740993\n"],
    ["a rare escape", 'a: "\\x41"\n'],
    ["a bad escape", 'a: "\\u12"\n'],
    ["indentation that is off", "a:\n   b: 1\n  c: 2\n"],
    ["an item less indented", "a:\n  - b\n - c\n"],
    ["an indented document", "  a: 1\n"],
    ["a document end", "a: 1\n...\n"],
    ["text on the marker line", "--- a\n"],
    ["a scalar document", "a\n"],
    ["a map on its key's line", "a: b: c\n"],
    ["a list on its key's line", "a: - b\n"],
    ["an indentation indicator", "a: |2\n  b\n"],
    ["an empty block scalar", "a: |\nb: 1\n"],
    ["a comma too many", "a: [1,, 2]\n"],
    ["a bracket too few", "a: [1\nb: 2\n"],
    ["a comment without a space", "a: [1]#c\n"],
    ["a pair in a list", "a: [b: c]\n"],
    ["flow as a key", "{a: b}: c\n"],
    ["a flow line too far left", "a:\n  b: [1,\n  2]\n"],
    ["an inner bracket at the column of the key", "a: [\n  [1,\n]\n]\n"],
    ["a flow value right after its colon", "a: {b:[1]}\n"],
    ["a colon first in flow", "a: [:b]\n"],
    ["blanks after the last line end", "a: |+\n  x\n  "],
    ["a long line of blanks before a block scalar", "a: |\n    \n  x\n"],
    ["a long line of blanks before a folded scalar", "a: >\n    \n  x\n"],
    ["a long line of blanks in a block scalar", "a: |\n  x\n    \n  y\n"],
    ["text after a document end", "a: 1\n... key: 2\n"],
    ["text under an item", "a:\n  - b\n    c: d\n"],
    ["a map beside a list", "- a\nb: c\n"],
    ["a list beside a map", "a: b\n- c\n"],
    ["a colon after blanks", "a : b\n"],
    ["a key of 1025 characters", `${"k".repeat(1025)}: 1\n`],
  ])("leaves %s to the full reader", (_name, text) => {
    expect(readBlockYaml(text)).toBeUndefined();
    expect(readBlockYaml(`z: 1\n---\n${text}`)).toBeUndefined();
  });

  it("gives up on deep nesting, in block and in flow, however deep", () => {
    expect(readBlockYaml(`a: ${"[".repeat(63)}${"]".repeat(63)}\n`)).toBeDefined();
    expect(readBlockYaml(`a: ${"[".repeat(64)}${"]".repeat(64)}\n`)).toBeUndefined();
    expect(readBlockYaml("[".repeat(1_000_000))).toBeUndefined();
    expect(readBlockYaml(`${"- ".repeat(1_000_000)}a\n`)).toBeUndefined();
    expect(readBlockYaml(`${"- ".repeat(64)}a\n`)).toBeDefined();
    expect(readBlockYaml(`${"- ".repeat(65)}a\n`)).toBeUndefined();
  });

  it("counts only the collections that are open", () => {
    expect(readBlockYaml("- {a: [1], b: {c: 1}}\n".repeat(100))).toHaveLength(1);
    expect(readBlockYaml("a:\n  - b: {c: []}\n---\n".repeat(100))).toHaveLength(101);
  });

  it("does not take a key for another that it starts with", () => {
    for (let pass = 0; pass < 2; pass++) {
      expect(readBlockYaml("omcimlp: 1\nomcimlphr: 2\n")).toEqual([{ omcimlp: 1, omcimlphr: 2 }]);
      expect(readBlockYaml("{omcimlphr: 1, omcimlp: 2}\n")).toEqual([{ omcimlphr: 1, omcimlp: 2 }]);
    }
  });

  it("reads back what emitYaml writes, or gives up", () => {
    let read = 0;
    fc.assert(
      fc.property(jsonValue, (value) => {
        const documents = readBlockYaml(emitYaml(value));
        if (documents === undefined) return;
        read++;
        expect(documents).toEqual([value]);
      }),
      RUNS,
    );
    expect(read).toBeGreaterThan(0);
  });

  it("reads what emitYamlDocuments writes as yaml does", () => {
    fc.assert(
      fc.property(fc.array(jsonValue, { maxLength: 3 }), (values) => {
        acceptedAsYamlReads(emitYamlDocuments(values));
      }),
      RUNS,
    );
  });

  it("reads other writers' YAML as yaml does, or gives up", () => {
    let read = 0;
    fc.assert(
      fc.property(stringified, (text) => {
        if (acceptedAsYamlReads(text)) read++;
      }),
      RUNS,
    );
    expect(read).toBeGreaterThan(0);
  });

  it("accepts of arbitrary fragments only what yaml reads the same", () => {
    let read = 0;
    fc.assert(
      fc.property(fragments, (text) => {
        if (acceptedAsYamlReads(text)) read++;
      }),
      { numRuns: 20000 },
    );
    expect(read).toBeGreaterThan(0);
  });

  it("accepts of damaged documents only what yaml reads the same", () => {
    const damaged = fc
      .oneof(
        stringified,
        jsonValue.map((value) => emitYaml(value)),
        fc.constant(INTENTS),
      )
      .chain(mutated);
    fc.assert(
      fc.property(damaged, (text) => {
        acceptedAsYamlReads(text);
      }),
      RUNS,
    );
  });
});

describe("readBlockYaml on the files of this repository", () => {
  const root = new URL("../../", import.meta.url);
  const folders = ["intents", "workloads", "test/data/corpus", "test/cases"];
  const paths = fastGlob
    .sync(
      folders.map((folder) => `${folder}/**/*.{yaml,yml}`),
      { cwd: root.pathname },
    )
    .sort();
  const texts = paths.map((path) => readFileSync(new URL(path, root), "utf8"));

  it("reads them as yaml does", () => {
    const accepted = texts.filter((text) => acceptedAsYamlReads(text)).length;
    console.log(`readBlockYaml takes ${accepted} of ${texts.length} YAML files of the repository`);
  });

  it("reads them damaged as yaml does", () => {
    const seeds = [INTENTS, ...texts.filter((text) => text.length < 20_000)];
    fc.assert(
      fc.property(fc.constantFrom(...seeds).chain(mutated), (text) => {
        acceptedAsYamlReads(text);
      }),
      { numRuns: 2000 },
    );
  });
});
