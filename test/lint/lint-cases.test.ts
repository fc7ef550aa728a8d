import { expect, test } from "vitest";
import { ruleCatalogue } from "../../src/catalogue.ts";
import { fixFiles, lintRuleTables } from "../../src/lint/lint.ts";
import { examplesOf } from "../page-project.ts";
import { expectedOfLintCase, lintCaseInput, lintCaseNames, runLintCase } from "./case-files.ts";

// The rules themselves are held by their pages (test/catalogue.test.ts); a case is what a page cannot show.
const names = lintCaseNames();

for (const name of names)
  test(`lint case ${name}`, () => {
    const outcome = runLintCase(name);
    const expected = expectedOfLintCase(name);
    expect([...outcome.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [path, text] of expected) expect(outcome.get(path), path).toBe(text);
  });

test("fixing what is fixed changes nothing", () => {
  const owners = new Set(lintRuleTables.map((one) => one.owner));
  const ofPages = ruleCatalogue
    .filter(({ code }) => owners.has(code.split("/")[0] ?? ""))
    .flatMap(({ page }) => examplesOf(page ?? "")?.wrong ?? [])
    .map((text) => [{ path: "example.yaml", text }]);
  expect(ofPages.length).toBeGreaterThan(100);
  for (const input of [...names.map(lintCaseInput), ...ofPages]) {
    const changed = new Map(fixFiles(input).changed.map((file) => [file.path, file]));
    const again = fixFiles(input.map((file) => changed.get(file.path) ?? file));
    expect(again.changed, input[0]?.text).toEqual([]);
  }
});
