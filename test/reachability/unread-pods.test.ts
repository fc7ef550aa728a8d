import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { pageInputs } from "../page-project.ts";

const NETWORKS = 'annotations: {k8s.v1.cni.cncf.io/networks: "payments/zone-pci,web/zone-corp"}';
const TEMPLATE = `{metadata: {labels: {app: spy}, ${NETWORKS}}, spec: {containers: [{name: a, image: "example.com/a:1"}]}}`;

/** Pods of web on the network of payments, made by what no intent can name. */
const spies: Readonly<Record<string, string>> = {
  "a kind that is not known": `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: spy, namespace: web}
spec: {template: ${TEMPLATE}}
`,
  "a name that the API server completes": `apiVersion: batch/v1
kind: Job
metadata: {generateName: spy-, namespace: web}
spec: {template: ${TEMPLATE}}
`,
  "an item of a list of one type": `apiVersion: v1
kind: ReplicationControllerList
items:
  - metadata: {name: spy, namespace: web}
    spec: {template: ${TEMPLATE}}
`,
  "a guest without a VirtualMachine": `apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata: {name: spy, namespace: web, labels: {app: spy}}
spec: {domain: {devices: {}}, networks: [{name: one, multus: {networkName: payments/zone-pci}}]}
`,
};

const codesWith = (manifest: string): readonly string[] => {
  const inputs = pageInputs("");
  const [{ file, namespace }] = inputs.workloads as [(typeof inputs.workloads)[number]];
  const workloads = [{ file: { ...file, text: `${file.text}---\n${manifest}` }, namespace }];
  return compile({ ...inputs, workloads })
    .diagnostics.filter((one) => one.severity === "error")
    .map((one) => one.code);
};

test.each(Object.entries(spies))("verify follows pods of %s", (_what, manifest) => {
  expect(codesWith(manifest)).toContain("verify/unexpected-path");
});

test("without them nothing is wrong", () => {
  expect(codesWith("")).toEqual([]);
});
