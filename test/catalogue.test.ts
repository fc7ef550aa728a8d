import { expect, test } from "vitest";
import { catalogue } from "../src/catalogue.ts";
import { compile } from "../src/compile.ts";
import { examplesOf, pageInputs } from "./page-project.ts";

const codesOf = (example: string) => [...new Set(compile(pageInputs(example)).diagnostics.map((one) => one.code))];

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
    expect(codesOf(examples.wrong), "the wrong example").toEqual([code]);
    expect(codesOf(examples.right), "the right example").toEqual([]);
  });
