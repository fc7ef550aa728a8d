import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";

/** Arguments of a call lie on the stack, which holds some 125,000: findings are no arguments. */
test("more findings than a call can have arguments are findings still", () => {
  const text = `${"kind: Zone\n---\n".repeat(19_000)}kind: Zone\n`;
  const intents = Array.from({ length: 7 }, (_, index) => ({ path: `intents/${index}.yaml`, text }));
  const project = {
    path: "plumbline.yaml",
    text: "apiVersion: plumbline.dev/v1alpha1\nkind: Project\nmetadata: {name: many}\nspec: {clusters: [{name: main}]}\n",
  };
  const { diagnostics, files } = compile({ project, intents, workloads: [], templates: [], lock: undefined });
  expect(diagnostics).toHaveLength(7 * 19_001);
  expect(new Set(diagnostics.map((one) => one.code))).toEqual(new Set(["intent/unknown-kind"]));
  expect(files).toEqual([]);
});
