import { expect, test } from "vitest";
import { carriedIn, importedCorpus } from "./corpus.ts";
import { expectSame } from "./expect-same.ts";

const files = importedCorpus();

test.each(files.map((one) => [`${one.repository}/${one.path}`, one] as const))(
  "%s compiles to the same",
  (_name, one) => {
    const { networks } = expectSame(one.estate, [{ file: one.file, namespace: "default" }]);
    expect(networks).toBe(carriedIn(one));
    expect(one.estate.compiled.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    // What is not carried is said.
    if (networks < one.networks) expect(one.estate.losses.some(({ kind }) => kind === "network")).toBe(true);
  },
);

test("most of what is right is carried", () => {
  const right = files.filter(({ status }) => status === "ok");
  const whole = right.filter((one) => carriedIn(one) === one.networks);
  expect(right.length).toBe(44);
  expect(whole.length / right.length).toBeGreaterThanOrEqual(0.8);
});
