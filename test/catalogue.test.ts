import { expect, test } from "vitest";
import { catalogue } from "../src/catalogue.ts";
import { compile } from "../src/compile.ts";
import { lintFiles, lintRuleTables } from "../src/lint/lint.ts";
import { examplesOf, pageInputs } from "./page-project.ts";

const lintOwners = lintRuleTables.map((one) => one.owner);

/** The codes that an example gives: one of lint's is a file of somebody's repository, any other a project. */
function codesOf(code: string, example: string): readonly string[] {
  const isLint = lintOwners.includes(code.split("/")[0] ?? "");
  const { diagnostics } = isLint ? lintFiles([{ path: "example.yaml", text: example }]) : compile(pageInputs(example));
  return [...new Set(diagnostics.map((one) => one.code))];
}

test("codes are unique, and words with dashes", () => {
  const codes = catalogue.map((one) => one.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
});

for (const { code, page } of catalogue)
  test(`page of ${code}`, () => {
    for (const heading of ["What it means", "Why it matters", "Wrong", "Right"])
      expect(page).toContain(`## ${heading}\n`);
    const examples = examplesOf(page ?? "");
    if (!examples) {
      expect(page).toContain("```text\n");
      return;
    }
    expect(codesOf(code, examples.wrong), "the wrong example").toEqual([code]);
    expect(codesOf(code, examples.right), "the right example").toEqual([]);
  });
