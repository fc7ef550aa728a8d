import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { emitYaml, emitYamlDocuments } from "../../src/yaml/emit-yaml.ts";
import { awkwardString, jsonValue } from "./arbitrary-yaml.ts";

const RUNS = { numRuns: 3000 };

describe("emitYaml", () => {
  it("writes block style with lists below their key", () => {
    const value = {
      apiVersion: "v1",
      metadata: { name: "a", labels: {} },
      spec: { ports: [{ port: 80, name: "web" }, { port: 443 }], args: [], matrix: [[1, 2], [3]] },
    };
    expect(emitYaml(value)).toBe(
      [
        "apiVersion: v1",
        "metadata:",
        "  name: a",
        "  labels: {}",
        "spec:",
        "  ports:",
        "    - port: 80",
        "      name: web",
        "    - port: 443",
        "  args: []",
        "  matrix:",
        "    - - 1",
        "      - 2",
        "    - - 3",
        "",
      ].join("\n"),
    );
  });

  it("indents every line when asked to", () => {
    expect(emitYaml({ a: { b: ["x\ny\n"] } }, 4)).toBe("    a:\n      b:\n        - |\n          x\n          y\n");
    expect(emitYaml("x", 2)).toBe("  x\n");
  });

  it("joins documents with a separator line", () => {
    expect(emitYamlDocuments([{ a: 1 }, { b: "x\n\n" }, [2]])).toBe("a: 1\n---\nb: |+\n  x\n\n---\n- 2\n");
    expect(emitYamlDocuments([])).toBe("");
  });

  it.each([
    "card",
    "10.0.0.0/24",
    "10.10.0.1",
    "10.10.0.1-10.10.0.15",
    "fd00::1",
    "tcp/8443",
    "100M",
    "500m",
    "--flag",
    "-c",
    "k8s.v1.cni.cncf.io/networks",
    "registry.example.com/netfw@sha256:ab",
    "a:b",
    "a#b",
    "eth0",
    "é",
    "x, [y]",
    "v1.36.0",
    "1.2.3",
  ])("leaves %j plain", (text) => {
    expect(emitYaml({ key: text })).toBe(`key: ${text}\n`);
  });

  it.each([
    "",
    "yes",
    "No",
    "ON",
    "off",
    "y",
    "N",
    "true",
    "FALSE",
    "null",
    "NULL",
    "~",
    "=",
    "<<",
    "1",
    "-1",
    "+1",
    "1.5",
    "010",
    "0o17",
    "0x1F",
    "0b1",
    "1e3",
    "e3",
    "-e3",
    "1_000",
    "12:30:45",
    "2001-12-14",
    ".inf",
    "-.INF",
    ".nan",
    ".",
    " a",
    "a ",
    "a: b",
    "a #b",
    "a:",
    "- a",
    "-",
    "---",
    "--- a",
    "?",
    "? a",
    ":",
    "::1",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    "[a",
    "]",
    "{a",
    "}",
    ",a",
    "'a",
    "02:42:0a:00:00:01",
    "1.36",
    "8000-8010",
  ])("quotes %j", (text) => {
    expect(emitYaml({ key: text })).toBe(`key: ${JSON.stringify(text)}\n`);
    expect(emitYaml({ [text]: 1 })).toBe(`${JSON.stringify(text)}: 1\n`);
  });

  it("prefers single quotes where they spare escapes", () => {
    expect(emitYaml({ config: '{"type":"macvlan"}' })).toBe(`config: '{"type":"macvlan"}'\n`);
    expect(emitYaml({ config: `{"a":"it's"}` })).toBe(`config: "{\\"a\\":\\"it's\\"}"\n`);
  });

  it("escapes what cannot be seen", () => {
    expect(emitYaml(["\u0085\u2028\u2029\ufeff\u00a0\u202e\u0000\t\r\ud800"])).toBe(
      '- "\\u0085\\u2028\\u2029\\ufeff\\u00a0\\u202e\\u0000\\t\\r\\ud800"\n',
    );
  });

  it("writes literal blocks where they are exact, and quotes elsewhere", () => {
    expect(emitYaml({ a: "x\n  y\n\nz" })).toBe("a: |-\n  x\n    y\n\n  z\n");
    expect(emitYaml({ a: "\nx\n" })).toBe("a: |\n\n  x\n");
    expect(emitYaml({ a: " x\ny\n" })).toBe('a: " x\\ny\\n"\n');
    expect(emitYaml({ a: "x \ny\n" })).toBe('a: "x \\ny\\n"\n');
    expect(emitYaml({ a: "x\n\ty\n" })).toBe('a: "x\\n\\ty\\n"\n');
    expect(emitYaml({ a: "\n\n" })).toBe('a: "\\n\\n"\n');
    expect(emitYaml({ a: "x\r\ny" })).toBe('a: "x\\r\\ny"\n');
    expect(emitYaml("---\nx\n")).toBe('"---\\nx\\n"\n');
  });

  it("writes numbers that every reader takes for numbers", () => {
    expect(emitYaml([0, -0, 1e21, 1.5e-7, 0.1, -3])).toBe("- 0\n- -0.0\n- 1.0e+21\n- 1.5e-7\n- 0.1\n- -3\n");
  });

  it("spells a key too long to be implicit with a question mark", () => {
    const value = { ["k".repeat(2000)]: { a: [1] }, ["l".repeat(1500)]: "x" };
    expect(parse(emitYaml(value))).toEqual(value);
    expect(parse(emitYaml([value]))).toEqual([value]);
  });

  it.each([
    ["undefined", undefined],
    ["a function", () => 1],
    ["NaN", Number.NaN],
    ["Infinity", Infinity],
    ["a symbol", Symbol("a")],
    ["a bigint", 1n],
    ["a hole", new Array(3)],
    ["a Date", new Date(0)],
    ["an undefined property", { a: undefined }],
    ["a Map", new Map()],
  ])("throws for %s", (_name, value) => {
    expect(() => emitYaml(value)).toThrow(/emitYaml/);
    expect(() => emitYaml({ a: [value] })).toThrow(/emitYaml/);
  });

  it("throws for a cycle", () => {
    const loop: Record<string, unknown> = {};
    loop.loop = loop;
    expect(() => emitYaml(loop)).toThrow(/cycle/);
  });

  it("reads back as the same value", () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(parse(emitYaml(value))).toEqual(value);
      }),
      RUNS,
    );
  });

  it("reads back as the same documents, whatever stands around", () => {
    fc.assert(
      fc.property(fc.array(jsonValue, { maxLength: 4 }), (values) => {
        const documents = parseAllDocuments(emitYamlDocuments(values));
        expect((documents as { toJS(): unknown }[]).map((document) => document.toJS())).toEqual(values);
      }),
      RUNS,
    );
  });

  it("keeps a string a string in YAML 1.1 and 1.2, as a value, a key and an item", () => {
    fc.assert(
      fc.property(awkwardString, (text) => {
        for (const version of ["1.1", "1.2"] as const) {
          const options = { version, merge: version === "1.1" };
          expect(parse(emitYaml(text), options)).toBe(text);
          expect(parse(emitYaml({ a: text, b: [text] }), options)).toEqual({ a: text, b: [text] });
          expect(Object.keys(parse(emitYaml({ [text]: 1 }), options))).toEqual([text]);
        }
      }),
      { numRuns: 10000 },
    );
  });
});
