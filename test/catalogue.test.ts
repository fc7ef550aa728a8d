import { expect, test } from "vitest";
import { core } from "./core.ts";
import { codesOf, printFindings } from "./page-findings.ts";
import { examplesOf, printedIn } from "./page-project.ts";

const { ruleCatalogue } = core;

test("codes are unique, and words with dashes", () => {
  const codes = ruleCatalogue.map((one) => one.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
});

for (const { code, page } of ruleCatalogue)
  test(`page of ${code}`, () => {
    for (const heading of ["What it means", "Why it matters", "Wrong", "Right", "What to do"])
      expect(page).toContain(`## ${heading}\n`);
    const examples = examplesOf(page ?? "");
    if (!examples) {
      expect(page).toContain("```text\n");
      return;
    }
    expect(codesOf(code, examples.wrong), "the wrong example").toEqual([code]);
    expect(codesOf(code, examples.right), "the right example").toEqual([]);
    expect(printedIn(page ?? ""), "what the wrong example prints").toBe(printFindings(code, examples.wrong));
  });
