import { expect, test } from "vitest";
import { readPart } from "../../src/lint/read/lint-document.ts";
import { findPosition } from "../../src/source/source-file.ts";
import { readManifests } from "../../src/verify/model/manifests/read-manifests.ts";
import { readDocuments } from "../../src/yaml/read-documents.ts";
import { findSpan } from "../../src/yaml/span.ts";
import { goYamlTable, readTwoWays, refusedByGo } from "./go-yaml-table.ts";

const HEAD = "apiVersion: v1\nkind: X\nmetadata: {name: x}\n";

/** A text as an object that both readers of manifests take. */
function asObject(text: string) {
  const directive = text.startsWith("%") ? text.slice(0, text.indexOf("---\n") + 4) : "";
  return { path: "x.yaml", text: `${directive}${HEAD}${text.slice(directive.length)}\n` };
}

const compiled = (text: string) => readDocuments(asObject(text), "manifest");
const verified = (text: string) => readManifests([asObject(text)]);
const head = { apiVersion: "v1", kind: "X", metadata: { name: "x" } };

/** A yes or no to one version, and a text to the other; a date is a text to all, spelt in another way. */
function isTwoWays(json: string, v3: string | null | undefined): boolean {
  return typeof v3 === "string" && !/\d{4}-\d\d-\d\d/.test(json);
}

const certain = goYamlTable.flatMap(([text, json, v3]) => (isTwoWays(json, v3) ? [] : [[text, json] as const]));
const unclear = goYamlTable.filter(([, json, v3]) => isTwoWays(json, v3)).map(([text]) => text);

test("the table has rows of both sorts", () => {
  expect(certain.length).toBeGreaterThan(60);
  expect(unclear).toContain("v: yes");
});

/** Through JSON, where there is no -0. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test.each(certain)("is read as go-yaml reads it: %j", (text, json) => {
  const expected = { ...head, ...(throughJson(JSON.parse(json)) as object) };
  const { documents, diagnostics } = compiled(text);
  expect(diagnostics.filter((one) => one.code !== "yaml/tag")).toEqual([]);
  expect(throughJson(documents[0]?.value)).toEqual(expected);
  const { manifests, diagnostics: found } = verified(text);
  expect(found).toEqual([]);
  expect(throughJson(manifests[0]?.value)).toEqual(expected);
  const file = asObject(text);
  const part = readPart({ file, start: 0, text: file.text } as Parameters<typeof readPart>[0]);
  expect(throughJson(part && "value" in part ? part.value : undefined)).toEqual(expected);
});

test.each([...unclear, ...readTwoWays, ...refusedByGo])("is not read in silence: %j", (text) => {
  const { documents, diagnostics } = compiled(text);
  expect(documents).toEqual([]);
  expect(diagnostics.length).toBeGreaterThan(0);
  const { manifests, diagnostics: found } = verified(text);
  expect(manifests).toEqual([]);
  expect(found.map((one) => one.code)).toEqual(["verify/unreadable"]);
  const place = found[0]?.place;
  expect(place && findPosition(asObject(text), findSpan(place).start).line).toBeGreaterThan(3);
});

test("what came by a merge key is shown at that key", () => {
  const text = "base: &base\n  a: 1\n  b: {c: 2}\nv:\n  <<: *base\n  b: 3\n";
  const file = { path: "x.yaml", text };
  const doc = readDocuments(file, "manifest").documents[0];
  const shown = (path: readonly string[]) => {
    const { start, end } = findSpan({ doc: doc as NonNullable<typeof doc>, path, on: "value" });
    return `${findPosition(file, start).line} ${text.slice(start, end)}`;
  };
  expect(shown(["v", "a"])).toBe("5 <<");
  expect(shown(["v", "b"])).toBe("6 3");
  expect(shown(["base", "b", "c"])).toBe("3 2");
  expect(shown(["v", "absent"])).toBe("4 v");
});

/** Maps that merge the ones before them: `count` levels, `each` of them named so often. */
function levels(count: number, each: number): string {
  const level = (i: number) =>
    `l${i}: &l${i} {<<: [${Array(each)
      .fill(`*l${i - 1}`)
      .join(", ")}], k${i}: 1}\n`;
  return `l0: &l0 {k0: 1}\n${Array.from({ length: count }, (_, i) => level(i + 1)).join("")}`;
}

test.each([
  ["more at each level", levels(9, 10)],
  ["one behind the other", levels(1_000, 1)],
  [
    "many from one",
    `b: &b {${Array.from({ length: 2_000 }, (_, i) => `k${i}: 1`).join(", ")}}\n${"- {<<: *b}\n".repeat(2_000).replace(/^/, "l:\n")}`,
  ],
])("merge keys that would take for ever are refused: %s", (_, text) => {
  const started = performance.now();
  expect(compiled(text).diagnostics.map((one) => one.code)).toContain("yaml/merge-unclear");
  expect(verified(text).diagnostics.map((one) => one.code)).toEqual(["verify/unreadable"]);
  expect(performance.now() - started).toBeLessThan(4_000);
});
