import { expect, test } from "vitest";
import { caseNames, compared, expectedOf, runCase } from "./cases-runner.ts";

for (const name of caseNames())
  test(`case ${name}`, () => {
    const outcome = compared(name, runCase(name));
    const expected = expectedOf(name);
    expect([...outcome.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [path, text] of expected) expect(outcome.get(path), path).toBe(text);
  });
