import { expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import type { FormatName } from "../../src/diagnostics/format/names.ts";
import { formatCounts } from "../../src/diagnostics/format/text.ts";
import { defineRules } from "../../src/diagnostics/rules.ts";
import { type Place, placeAt, placeAtFile, placeAtKey } from "../../src/source/place.ts";
import type { SourceFile } from "../../src/source/source-file.ts";

const rules = defineRules("zone", {
  "unknown-key": { severity: "error", message: ({ key }: { key: string }) => `unknown key \`${key}\`` },
  overlap: { severity: "error", message: () => "the subnet overlaps another one", label: "already taken" },
  quiet: { severity: "warning", message: () => "nothing guards eth0" },
  aside: { severity: "note", message: () => "an earlier run was interrupted" },
});

const pci: SourceFile = {
  path: "intents/zones/pci.yaml",
  text: "kind: IsolationZone\nspec:\n  egres: [192.168.77.0/24]\n  subnet: 10.42.8.0/21\n",
};
const corp: SourceFile = { path: "intents/zones/corp.yaml", text: `${"\n".repeat(11)}subnet: 10.42.0.0/20\n` };
const pciDoc = { file: pci, index: 0, value: { spec: { egres: [], subnet: "10.42.8.0/21" } } };
const corpDoc = { file: corp, index: 0, value: { subnet: "10.42.0.0/20" } };

const slip = rules.diagnose(
  "unknown-key",
  placeAtKey(pciDoc, "spec", "egres"),
  { key: "egres" },
  {
    label: "not a key of IsolationZone.spec",
    notes: ["IsolationZone.spec accepts: members, namespaces, network"],
    help: "did you mean `egress`?",
  },
);
const overlap = rules.diagnose(
  "overlap",
  placeAt(pciDoc, "spec", "subnet"),
  {},
  {
    related: [{ place: placeAt(corpDoc, "subnet"), label: "first claimed here" }],
  },
);
const quiet = rules.diagnose("quiet", undefined, {}, { help: "set `networkPolicy`" });

const shown = (name: FormatName, found: readonly Diagnostic[], folder = "") =>
  formatFindings(name, found, { colour: false, version: "1.2.3", folder });

/** A finding at a stretch of a text of one line. */
function inLine(text: string, start: number, end: number): string[] {
  const place: Place = { file: { path: "a.yaml", text: `${text}\n` }, start, end };
  return shown("text", [rules.diagnose("overlap", place, {})])
    .split("\n")
    .slice(2, 5);
}

test("the layout for people", () => {
  expect(shown("text", [overlap, quiet, slip])).toBe(`\
warning[zone/quiet]: nothing guards eth0
  = help: set \`networkPolicy\`

error[zone/unknown-key]: unknown key \`egres\`
 --> intents/zones/pci.yaml:3:3
  |
3 |   egres: [192.168.77.0/24]
  |   ^^^^^ not a key of IsolationZone.spec
  |
  = note: IsolationZone.spec accepts: members, namespaces, network
  = help: did you mean \`egress\`?

error[zone/overlap]: the subnet overlaps another one
  --> intents/zones/pci.yaml:4:11
   |
 4 |   subnet: 10.42.8.0/21
   |           ^^^^^^^^^^^^ already taken
  ::: intents/zones/corp.yaml:12:9
   |
12 | subnet: 10.42.0.0/20
   |         ------------ first claimed here
`);
});

test("colour adds nothing but colour", () => {
  const found = [overlap, quiet, slip];
  const coloured = formatFindings("text", found, { colour: true, version: "0" });
  expect(coloured).toContain("\u001b[31m");
  expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(shown("text", found));
});

test("one line each for editors", () => {
  expect(shown("concise", [overlap, quiet, slip])).toBe(`\
warning[zone/quiet]: nothing guards eth0 (set \`networkPolicy\`)
intents/zones/pci.yaml:3:3: error[zone/unknown-key]: unknown key \`egres\` (did you mean \`egress\`?)
intents/zones/pci.yaml:4:11: error[zone/overlap]: the subnet overlaps another one
`);
});

test("workflow commands for GitHub", () => {
  const percent = rules.diagnose("unknown-key", placeAtFile({ path: "a,b:c%.yaml", text: "" }), {
    key: "100%\n::error::x",
  });
  expect(shown("github", [slip, quiet, percent, rules.diagnose("aside", undefined, {})], "shop/")).toBe(`\
::notice title=zone/aside::an earlier run was interrupted
::warning title=zone/quiet::nothing guards eth0%0Aset \`networkPolicy\`
::error file=shop/a%2Cb%3Ac%25.yaml,line=1,col=1,endLine=1,endColumn=1,title=zone/unknown-key::unknown key \`100%25\\u000a::error::x\`
::error file=shop/intents/zones/pci.yaml,line=3,col=3,endLine=3,endColumn=8,title=zone/unknown-key::unknown key \`egres\`%0Adid you mean \`egress\`?
`);
});

test("JSON has every part, with offsets", () => {
  expect(JSON.parse(shown("json", [overlap, quiet], "shop/"))).toEqual([
    {
      code: "zone/quiet",
      severity: "warning",
      message: "nothing guards eth0",
      range: null,
      label: null,
      related: [],
      notes: [],
      help: "set `networkPolicy`",
      fix: null,
    },
    {
      code: "zone/overlap",
      severity: "error",
      message: "the subnet overlaps another one",
      range: {
        file: "shop/intents/zones/pci.yaml",
        line: 4,
        column: 11,
        endLine: 4,
        endColumn: 23,
        offset: 63,
        endOffset: 75,
      },
      label: "already taken",
      related: [
        {
          range: {
            file: "shop/intents/zones/corp.yaml",
            line: 12,
            column: 9,
            endLine: 12,
            endColumn: 21,
            offset: 19,
            endOffset: 31,
          },
          label: "first claimed here",
        },
      ],
      notes: [],
      help: null,
      fix: null,
    },
  ]);
  expect(shown("json", [])).toBe("[]\n");
});

test("SARIF has what code scanning asks for", () => {
  const log = JSON.parse(shown("sarif", [slip, overlap, quiet], "my shop/"));
  expect(log).toMatchObject({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0" });
  const [run] = log.runs;
  expect(run.tool.driver).toMatchObject({ name: "plumbline", version: "1.2.3" });
  expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual([
    "zone/overlap",
    "zone/quiet",
    "zone/unknown-key",
  ]);
  for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of run.results) {
    expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(["error", "warning", "note"]).toContain(level);
    expect(message.text).not.toBe("");
    expect(locations).toHaveLength(1);
    expect(Object.values(partialFingerprints)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  }
  expect(run.results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "my%20shop/plumbline.yaml" },
  });
  expect(run.results[1].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "my%20shop/intents/zones/pci.yaml" },
    region: { startLine: 3, startColumn: 3, endLine: 3, endColumn: 8 },
  });
  expect(run.results[2].relatedLocations).toMatchObject([{ id: 1, message: { text: "first claimed here" } }]);
});

test("tabs, wide letters and control characters keep the mark below what it marks", () => {
  expect(inLine("\tvlan:\t1", 1, 5)).toEqual(["  |", "1 |     vlan:    1", "  |     ^^^^ already taken"]);
  expect(inLine("名前: x", 4, 5)).toEqual(["  |", "1 | 名前: x", "  |       ^ already taken"]);
  expect(inLine("a: \u001b[2Jb", 7, 8).slice(1)).toEqual(["1 | a: \\u001b[2Jb", "  |             ^ already taken"]);
});

test("a mark at the end of a line, or over several, stays in the first one", () => {
  expect(inLine("a: b", 4, 4)[2]).toBe("  |     ^ already taken");
  expect(inLine("a: b\nc: d", 3, 9).slice(1)).toEqual(["1 | a: b", "  |    ^ already taken"]);
  expect(inLine("", 0, 0)).toEqual(["  = already taken", ""]);
});

test("a long line is cut around the mark, and never within a character", () => {
  const far = `${"a".repeat(300)}WRONG${"b".repeat(300)}`;
  const [, line, mark] = inLine(far, 300, 305) as [string, string, string];
  expect(line).toBe(`1 | …${"a".repeat(40)}WRONG${"b".repeat(115)}…`);
  expect(mark.indexOf("^")).toBe(line.indexOf("W"));
  for (let at = 290; at < 300; at++) expect(inLine("😀".repeat(300), at * 2, at * 2 + 2)[1]).not.toMatch(/\p{Cs}/u);
  expect(inLine("a".repeat(160), 159, 160)[1]).toBe(`1 | ${"a".repeat(160)}`);
});

test("a line of megabytes that looks like a secret everywhere takes no time", () => {
  // Quadratic work on this line would outlast the test's time limit by hours.
  const hostile = "token".repeat(800_000);
  expect(inLine(hostile, 2_000_000, 2_000_001)[2]).toContain("^ already taken");
});

test("key material is masked wherever it could show", () => {
  const key = `${"A".repeat(42)}A=`;
  const text = `privateKey: ${key}`;
  const found = rules.diagnose(
    "unknown-key",
    { file: { path: "a.yaml", text }, start: 12, end: 12 + key.length },
    { key },
    {
      notes: [key],
      help: key,
    },
  );
  for (const name of ["text", "concise", "json", "github", "sarif"] as const)
    expect(shown(name, [found])).not.toContain("AAAA");
  expect(shown("text", [found])).toContain(`1 | privateKey: ${"•".repeat(key.length)}`);
});

test("more than fifty are cut, errors last", () => {
  const file: SourceFile = { path: "a.yaml", text: "x".repeat(100) };
  const warnings = Array.from({ length: 60 }, (_one, index) =>
    rules.diagnose("quiet", { file, start: index, end: index + 1 }, {}),
  );
  const last = rules.diagnose("overlap", { file, start: 99, end: 100 }, {});
  const text = shown("text", [...warnings, last]);
  expect(text.match(/^warning\[/gm)).toHaveLength(49);
  expect(text.match(/^error\[/gm)).toHaveLength(1);
  expect(text.endsWith("\nand 11 more\n")).toBe(true);
  expect(formatCounts([...warnings, last])).toBe("1 error, 60 warnings");
  expect(JSON.parse(shown("json", [...warnings, last]))).toHaveLength(61);
});

test("the order is that of files, offsets and codes, whatever the order of finding", () => {
  const file: SourceFile = { path: "b.yaml", text: "x: y\n" };
  const at0 = { file, start: 0, end: 1 };
  const found = [
    rules.diagnose("unknown-key", at0, { key: "k" }),
    rules.diagnose("overlap", at0, {}),
    rules.diagnose("overlap", { file: { path: "a.yaml", text: "x" }, start: 0, end: 1 }, {}),
    quiet,
  ];
  expect(shown("concise", found)).toBe(shown("concise", [...found].reverse()));
  expect(shown("concise", found).match(/\[\S+\]/g)).toEqual([
    "[zone/quiet]",
    "[zone/overlap]",
    "[zone/overlap]",
    "[zone/unknown-key]",
  ]);
});

test("of many files the first are shown, in the order of all, and no other is read for it", () => {
  const file = (index: number, read: boolean): SourceFile => ({
    path: `${String(index).padStart(3, "0")}.yaml`,
    get text(): string {
      if (!read) throw new Error(`${this.path} is read`);
      return "a: 1\nb: 2\n";
    },
  });
  const found = Array.from({ length: 100 }, (_one, index) => {
    const doc = { file: file(index, index < 25 || index === 99), index: 0, value: { a: 1, b: 2 } };
    const [a, b] = [placeAt(doc, "a"), placeAt(doc, "b")];
    const late = index === 99 ? [rules.diagnose("overlap", a, {})] : [];
    return [rules.diagnose("quiet", b, {}), rules.diagnose("quiet", a, {}), ...late];
  }).flat();
  const places = [...shown("text", found.reverse()).matchAll(/^ +--> (.*)$/gm)].map(([, place]) => place);
  const first = Array.from({ length: 25 }, (_one, index) => String(index).padStart(3, "0"));
  const warned = first.flatMap((name) => [`${name}.yaml:1:4`, `${name}.yaml:2:4`]).slice(0, 49);
  expect(places).toEqual([...warned, "099.yaml:1:4"]);
});
