import { expect } from "vitest";
import { type Document, parseAllDocuments } from "yaml";
import { readBlockYaml } from "../../src/yaml/read-block-yaml.ts";

/** What the fast reader accepts, `yaml` reads as 1.2 and as 1.1 without a word of complaint and to the same values. */
export function acceptedAsYamlReads(text: string): boolean {
  const read = readBlockYaml(text);
  if (read === undefined) return false;
  for (const version of ["1.2", "1.1"] as const) {
    const documents = [...(parseAllDocuments(text, { version, logLevel: "silent" }) as Iterable<Document.Parsed>)];
    const values = documents.map((document) => document.toJS());
    if (same(documents, values, read)) continue;
    expect(documents.flatMap((document) => [...document.errors, ...document.warnings])).toEqual([]);
    expect(read).toEqual(values);
    expect(JSON.stringify(read)).toBe(JSON.stringify(values));
  }
  return true;
}

/** The cheap way to see that all is well; `expect` then says what is not. JSON also sees the order of keys. */
function same(documents: readonly Document.Parsed[], values: readonly unknown[], read: readonly unknown[]): boolean {
  return (
    documents.every((document) => document.errors.length + document.warnings.length === 0) &&
    JSON.stringify(values, spellNegativeZero) === JSON.stringify(read, spellNegativeZero)
  );
}

function spellNegativeZero(_key: string, value: unknown): unknown {
  return Object.is(value, -0) ? "-0" : value;
}
