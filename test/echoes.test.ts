import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";

const head = (kind: string, name: string) =>
  `apiVersion: plumbline.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
const project = { path: "plumbline.yaml", text: `${head("Project", "demo")}spec: {clusters: [{name: main}]}\n` };
const asks = (zone: string) => ({
  path: "intents/asks.yaml",
  text: `${head("Expectation", "asks")}spec: {checks: [{from: {zone: ${zone}}, to: {zone: ${zone}}, ports: [tcp/22], expect: denied}]}\n`,
});

function codes(...intents: readonly { readonly path: string; readonly text: string }[]): readonly string[] {
  const { diagnostics } = compile({ project, intents, workloads: [], templates: [], lock: undefined });
  return diagnostics.map((one) => one.code);
}

test.each([
  ["an empty file", "", "yaml/empty-file"],
  ["a text that is no YAML", "kind: [\n", "yaml/indentation"],
  ["a kind that is misspelt", `${head("IsolatonZone", "corp")}spec: {}\n`, "intent/unknown-kind"],
])("who names what is in %s is not told that there is no such thing", (_, text, code) => {
  expect(codes({ path: "intents/corp.yaml", text }, asks("corp"))).toEqual([code]);
});

test("a name that is in no text at all is told beside a kind that is misspelt", () => {
  const wrong = { path: "intents/corp.yaml", text: `${head("IsolatonZone", "corp")}spec: {}\n` };
  expect(codes(wrong, asks("crop"))).toEqual([
    "intent/unknown-kind",
    "intent/unknown-reference",
    "intent/unknown-reference",
  ]);
});
