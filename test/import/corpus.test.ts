import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { indentQuoted } from "../../src/lint/read/indent-quoted.ts";
import { carriedIn, importedCorpus } from "./corpus.ts";
import { expectSame } from "./expect-same.ts";

const files = importedCorpus();

/** As YAML 1.2 has it: lines within quotes that stand too far left are moved, for a reader that is not kubectl's. */
function strictly(text: string): string {
  return text
    .split(/^(?=---)/m)
    .map((one) => (parseDocument(one).errors.length > 0 ? indentQuoted(one).text : one))
    .join("");
}

test.each(files.map((one) => [`${one.repository}/${one.path}`, one] as const))(
  "%s compiles to the same",
  (_name, one) => {
    const text = strictly(one.file.text);
    const { networks } = expectSame(one.estate, [{ file: { ...one.file, text }, namespace: "default" }]);
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
