import { expect, test } from "vitest";
import { readDocuments } from "../../src/yaml/read-documents.ts";

test.each([
  ["a line", 1],
  ["more than the slower reader takes", 4_000],
])("comments alone are no documents: %s", (_, lines) => {
  const file = { path: "intents/x.yaml", text: `# ${"x".repeat(1000)}\n`.repeat(lines) };
  const { documents, diagnostics } = readDocuments(file, "intent");
  expect(documents).toEqual([]);
  expect(diagnostics.map((one) => one.code)).toEqual(["yaml/no-documents"]);
  expect(readDocuments(file, "manifest").diagnostics).toEqual([]);
});
