import { describe, expect, test } from "vitest";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { readWorkloads } from "../../src/workloads/read-workloads.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";
import { example } from "./tampered.ts";

const inputs = exampleInputs();
const known = knownOf(inputs).get("east") as ClusterKnowledge;
const written = clusterFiles(readFolder(ROOT, "out/east"), "east");

/** Codes of what is found in the example with one more manifest among its workloads. */
function beside(text: string): readonly string[] {
  const more = { file: { path: "workloads/more.yaml", text }, namespace: undefined };
  return verifyCluster(known, written, [...inputs.workloads, more]).diagnostics.map((one) => one.code);
}

const DENY = /(podSelector: \{\}\n {2}policyTypes:\n {4}- Ingress\n {4}- Egress\n)/;
const POD = /( {6})(containers:\n)/;

describe("a change of the output that only go-yaml sees is found", () => {
  test.each<[string, RegExp, string, RegExp]>([
    ["all let in by a merge key", DENY, "$1  <<: {ingress: [{}], egress: [{}]}\n", /out\/east/],
    ["the node's network by a merge key", POD, "$1<<: {hostNetwork: true}\n$1$2", /out\/east/],
    ["the node's network by a word", POD, "$1hostNetwork: yes\n$1$2", /`yes` is one thing to kubectl/],
    ["an octal port", /port: 8443/g, "port: 020374", /tcp\/8443/],
    ["a port that only go-yaml takes for a number", /port: 8443/g, "port: +_443", /tcp\/8443/],
  ])("%s", (_, from, to, words) => {
    expect(example(undefined)).toBe("");
    expect(example(from, to)).toMatch(words);
  });
});

const policy = (spec: string) =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: open}\nspec: ${spec}\n`;
const all = "[{action: Accept, from: [{namespaces: {}}], name: x}]";
const pod = (spec: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: web, labels: {app: x}}\nspec: ${spec}\n`;

test("a number in another spelling is the same number", () => {
  expect(example(/port: 8443/g, "port: 020373")).toBe("");
});

test.each(["[]", "null", "[{}]"])("an object of the output with items is no such object: %s", (items) => {
  const found = example(/(kind: NetworkPolicy\n)/, `$1items: ${items}\n`);
  expect(found).toContain("it has `items`, so appliers take it for a list");
});

/** An object as an item of another. */
const listed = (kind: string, text: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: x}\nitems:\n  - ${text.trimEnd().replaceAll("\n", "\n    ")}\n`;

describe("a manifest is what it is to the API server", () => {
  test.each<[string, string, string]>([
    [
      "a policy's rules by a merge key",
      policy(`{tier: Admin, priority: 0, subject: {namespaces: {}}, ingress: ${all}}`),
      policy(`{<<: {ingress: ${all}}, tier: Admin, priority: 0, subject: {namespaces: {}}}`),
    ],
    [
      "a pod on the node's network by a merge key",
      pod("{hostNetwork: true, containers: [{name: a, image: x}]}"),
      pod("{containers: [{name: a, image: x}], <<: {hostNetwork: true}}"),
    ],
    [
      "a policy among the items of something else",
      policy(`{tier: Admin, priority: 0, subject: {namespaces: {}}, ingress: ${all}}`),
      listed("ConfigMap", policy(`{tier: Admin, priority: 0, subject: {namespaces: {}}, ingress: ${all}}`)),
    ],
    [
      "a pod in a list in a list of no such name",
      pod("{hostNetwork: true, containers: [{name: a, image: x}]}"),
      listed("Secret", listed("Whatever", pod("{hostNetwork: true, containers: [{name: a, image: x}]}"))),
    ],
  ])("%s", (_, plain, merged) => {
    expect(beside(plain)).not.toEqual(beside("# nothing\n"));
    expect(beside(merged)).toEqual(beside(plain));
  });

  test("a word that two tools read in two ways is an error", () => {
    expect(beside(pod("{hostNetwork: yes, containers: [{name: a, image: x}]}"))).toContain("verify/unreadable");
  });

  test.each(["null", "{}", "x"])("items that are no list are an error: %s", (items) => {
    expect(beside(`${pod("{containers: [{name: a, image: x}]}")}items: ${items}\n`)).toContain("verify/unreadable");
  });

  test("pods among the items of something else are workloads", () => {
    const text = listed("ConfigMap", pod("{containers: [{name: a, image: x}]}"));
    const { value } = readWorkloads([{ file: { path: "workloads/more.yaml", text }, namespace: undefined }]);
    expect(value.all.map(({ kind, name }) => `${kind}/${name}`)).toEqual(["Pod/x"]);
  });
});
