import { expect, test } from "vitest";
import { readDocuments } from "../../src/yaml/read-documents.ts";
import { findSpan } from "../../src/yaml/span.ts";

const long = `# ${"x".repeat(1000)}\n`.repeat(2_200);

const documents = (nothing: string) => `${nothing}\n---\na: 1\n---\n${nothing}\n---\nb: 2\nc: 3\n`;

/** The text at each key of each document. */
function keysOf(text: string): readonly (readonly string[])[] {
  const file = { path: "x.yaml", text };
  const { documents, diagnostics } = readDocuments(file, "manifest");
  expect(diagnostics).toEqual([]);
  return documents.map((doc) =>
    Object.keys(doc.value as object).map((key) => {
      const { start, end } = findSpan({ doc, path: [key], on: "key" });
      return text.slice(start, end);
    }),
  );
}

test.each(["", "~", "null # nothing", "# a comment", "NULL"])("a document of nothing is not counted: %j", (nothing) => {
  expect(keysOf(documents(nothing))).toEqual([["a"], ["b", "c"]]);
});

test.each(["", "# a comment"])("nor is it in a file that is never composed whole: %j", (nothing) => {
  expect(keysOf(long + documents(nothing))).toEqual([["a"], ["b", "c"]]);
});
