import { expect, test } from "vitest";
import type { Inputs } from "../../src/ir/compiled.ts";
import { counted } from "../counted.ts";
import { type Shape, shapes, textsOf } from "./shapes.ts";

// What is counted is imported after test/counted.ts.
const { compile } = await import("../../src/compile.ts");

function inputsOf(project: ReadonlyMap<string, string>): Inputs {
  const texts = [...project].map(([path, text]) => ({ path, text }));
  const below = (folder: string) => texts.filter((file) => file.path.startsWith(folder));
  return {
    project: texts.find((file) => file.path === "plumbline.yaml") as (typeof texts)[number],
    intents: below("intents/"),
    workloads: below("workloads/").map((file) => ({ file, namespace: undefined })),
    lock: undefined,
    templates: [],
  };
}

function work(shape: Shape, size: number): number {
  const inputs = inputsOf(textsOf(shape, size));
  let errors: readonly string[] = [];
  const counts = counted(() => {
    errors = compile(inputs).diagnostics.flatMap((one) => (one.severity === "error" ? [one.code] : []));
  });
  expect(errors).toEqual([]);
  return [...counts.values()].reduce((sum, one) => sum + one, 0);
}

// A product of two lists that both grow would be four times the work.
test.each(shapes)(
  "$name: three times the size is not nine times the work",
  (shape) => {
    work(shape, shape.small);
    const [small, large] = [work(shape, shape.small), work(shape, 3 * shape.small)];
    expect(large / small).toBeLessThanOrEqual(shape.growth ?? 4);
  },
  120_000,
);
