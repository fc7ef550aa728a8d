import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import type { Inputs } from "../src/ir/compiled.ts";
import { CASES } from "./cases-runner.ts";
import { exampleInputs } from "./reachability/example.ts";

/** Annotations of the pods of gateways: where they are the same, no pod is replaced. */
function podsOf(inputs: Inputs): readonly string[] {
  const { files, diagnostics } = compile(inputs, { skipVerify: true });
  expect(diagnostics.filter((one) => one.severity === "error").map((one) => one.message)).toEqual([]);
  const texts = files.filter((file) => /\/(pairs|vpns)\//.test(file.path)).map((file) => file.text);
  const found = texts.flatMap(
    (text) => text.match(/plumbline\.dev\/config-hash: .*|resourceClaimTemplateName: .*/g) ?? [],
  );
  expect(found.length).toBeGreaterThan(1);
  return found;
}

function changed(inputs: Inputs, from: string, to: string): Inputs {
  const intents = inputs.intents.map((file) => ({ ...file, text: file.text.replace(from, to) }));
  expect(intents).not.toEqual(inputs.intents);
  return { ...inputs, intents };
}

const cases = [
  ["a leg on a link of Multus", "output/pair-of-two-targets", "interface: bond2", "interface: bond3"],
  ["the MTU of a leg of Multus", "output/pair-of-two-targets", "interface: bond2", "interface: bond2, mtu: 9000"],
  ["a leg on a bridge of OVN", "output/pair-of-two-targets", "physnet-data", "physnet-other"],
  ["the MTU of a leg of OVN", "output/pair-of-two-targets", "interface: bond1", "interface: bond1, mtu: 9000"],
  ["a leg by claim", "output/pair-by-claim-and-annotation", "interface: bond2", "interface: bond3"],
] as const;

for (const [name, folder, from, to] of cases)
  test(`the pods of a gateway are replaced for another link: ${name}`, () => {
    const { lock, ...inputs } = exampleInputs(join(CASES, folder));
    expect(lock).toBeUndefined();
    const before = { ...inputs, lock };
    expect(podsOf(changed(before, from, to))).not.toEqual(podsOf(before));
  });

test("a rule is loaded in place", () => {
  const inputs = exampleInputs(join(CASES, "output/pair-of-two-targets"));
  expect(podsOf(changed(inputs, "tcp/9000", "tcp/9001"))).toEqual(podsOf(inputs));
});

for (const folder of ["output/pair-of-two-targets", "output/pair-by-claim-and-annotation", "output/pair-on-kube-ovn"])
  test(`a line above an intent changes nothing: ${folder}`, () => {
    const inputs = exampleInputs(join(CASES, folder));
    const shifted = {
      ...inputs,
      intents: inputs.intents.map((file) => ({ ...file, text: `# A line.\n${file.text}` })),
    };
    const [before, after] = [inputs, shifted].map((one) => compile(one, { skipVerify: true }).files);
    expect(before?.length).toBeGreaterThan(5);
    expect(after).toEqual(before);
  });
