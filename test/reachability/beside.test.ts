import { describe, expect, test } from "vitest";
import { type Known, verifyCluster } from "../../src/verify.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";

const inputs = exampleInputs();
const known = knownOf(inputs).get("east") as Known;
const files = clusterFiles(readFolder(ROOT, "out/east"), "east");

/** What verify says of the example with more manifests among its workloads, beyond what it says anyway. */
function saysWith(...objects: readonly object[]): readonly string[] {
  const text = objects.map((one) => JSON.stringify(one)).join("\n---\n");
  const more = objects.length === 0 ? [] : [{ file: { path: "workloads/more.yaml", text }, namespace: undefined }];
  return verifyCluster(known, files, [...inputs.workloads, ...more]).diagnostics.map(
    ({ code, message }) => `${code} ${message}`,
  );
}

const nad = (name: string, config: unknown, namespace = "tools") => ({
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  metadata: { name, namespace },
  spec: { config: typeof config === "string" ? config : JSON.stringify(config) },
});

test("the example alone is fine", () => {
  expect(saysWith()).toEqual([]);
});

describe("objects of the output that a manifest writes in another way", () => {
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    spec: { podSelector: {}, ingress: [{}] },
  };
  test.each([
    [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "edge-rules", namespace: "fw-edge" },
        data: { "rules.nft": "" },
      },
    ],
    [nad("zone-pci", { type: "macvlan", master: "bond1.175", mode: "bridge" }, "payments")],
    [{ ...policy, metadata: { name: "zone-pci-default-deny", namespace: "payments" } }],
    [
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicyBinding",
        metadata: { name: "plumbline-zone-corp" },
        spec: { policyName: "nope", validationActions: ["Audit"] },
      },
    ],
  ])("%j", (object) => {
    expect(saysWith(object).join("\n")).toMatch(/^verify\/twice-applied .* stands among the workloads too/m);
  });
});

describe("networks of others that cannot be read", () => {
  test.each([
    ["keys in another case", { Type: "macvlan", Master: "bond1.110" }],
    ["one key twice", '{"type": "macvlan", "master": "bond9", "Master": "bond1.110"}'],
    ["a mode that routes", { type: "ipvlan", master: "bond1.110", mode: "l3" }],
    ["no JSON", "{"],
    ["no plugin", { plugins: "x" }],
  ])("%s", (_what, config) => {
    expect(saysWith(nad("n1", config))).toEqual([
      expect.stringMatching(
        /^verify\/unread-network NetworkAttachmentDefinition tools\/n1 cannot be read, and is taken/,
      ),
    ]);
  });
});
