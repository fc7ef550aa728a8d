import fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { inputsOf, type TestProject } from "./generated-project.ts";

const project: TestProject = {
  zones: [{ name: "alpha" }, { name: "beta", rangeSize: 8 }, { name: "gamma", vlan: 150 }, { name: "delta" }],
  pairs: [
    { name: "one", from: "alpha", to: "beta" },
    { name: "two", from: "gamma", to: "delta" },
  ],
};

test("the order of files changes no byte", () => {
  const wanted = compile(inputsOf(project));
  expect(wanted.diagnostics).toEqual([]);
  const count = inputsOf(project).intents.length;
  fc.assert(
    fc.property(fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count }), (order) => {
      const shuffled = compile(inputsOf(project, (files) => order.map((index) => files[index])));
      expect(shuffled.lock).toBe(wanted.lock);
      expect(shuffled.files).toEqual(wanted.files);
    }),
    { numRuns: 30 },
  );
});

test("compiling again changes nothing", () => {
  const first = compile(inputsOf(project));
  const again = compile(inputsOf({ ...project, lock: first.lock as string }));
  expect(again.lock).toBe(first.lock);
  expect(again.files).toEqual(first.files);
});
