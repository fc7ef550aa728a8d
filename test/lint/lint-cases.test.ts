import { expect, test } from "vitest";
import { fixFiles, lintFiles, lintRuleTables } from "../../src/lint/lint.ts";
import { expectedOfLintCase, lintCaseInput, lintCaseNames, runLintCase } from "./case-files.ts";

const names = lintCaseNames();

for (const name of names)
  test(`lint case ${name}`, () => {
    const outcome = runLintCase(name);
    const expected = expectedOfLintCase(name);
    expect([...outcome.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [path, text] of expected) expect(outcome.get(path), path).toBe(text);
  });

test("every rule has a case", () => {
  const seen = new Set(names.flatMap((name) => lintFiles(lintCaseInput(name)).diagnostics.map((one) => one.code)));
  const codes = lintRuleTables.flatMap(({ owner, table }) => Object.keys(table).map((slug) => `${owner}/${slug}`));
  expect(codes.filter((code) => !seen.has(code))).toEqual([]);
});

test("fixing what is fixed changes nothing", () => {
  for (const name of names) {
    const input = lintCaseInput(name);
    const changed = new Map(fixFiles(input).changed.map((file) => [file.path, file]));
    const again = fixFiles(input.map((file) => changed.get(file.path) ?? file));
    expect(again.changed, name).toEqual([]);
  }
});
