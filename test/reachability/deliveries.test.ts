import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { buildExpectedIndex } from "../../src/verify/expected/expected-index.ts";
import { listConnections } from "../../src/verify/report/connections.ts";
import { convertTables } from "../../src/verify/report/format/table-text.ts";
import { buildTable } from "../../src/verify/report/table.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { exampleInputs, knownOf, ROOT } from "./example.ts";

/** A project of test/cases/output, as it is delivered, and what its intents mean. */
function delivered(name: string, delivery?: string) {
  const found = exampleInputs(join(ROOT, "test/cases/output", name));
  const text = found.project.text.replace(/patches: \w+/, (all) => (delivery ? `patches: ${delivery}` : all));
  const inputs = { ...found, project: { ...found.project, text } };
  const { files, diagnostics } = compile(inputs);
  const known = knownOf(inputs).get("main") as ClusterKnowledge;
  return { inputs, files, known, diagnostics };
}

type Edit = (text: string) => string;

function codesAfter(name: string, path: string, edit: Edit): readonly string[] {
  const { inputs, files, known } = delivered(name);
  const edited = files.map(
    (file): SourceFile => (file.path.includes(path) ? { ...file, text: edit(file.text) } : file),
  );
  expect(
    edited.some((file, index) => file.text !== files[index]?.text),
    "it changes something",
  ).toBe(true);
  const { diagnostics } = verifyCluster(known, edited, inputs.workloads);
  return [...new Set(diagnostics.filter((one) => one.severity === "error").map((one) => one.code))];
}

const replace =
  (from: string | RegExp, to: string): Edit =>
  (text) =>
    text.replace(from, to);

describe("a delivery changes how a patch arrives, not who reaches whom", () => {
  for (const [name, delivery] of [
    ["server-side-argocd", "serverSideApply"],
    ["server-side-flux", "serverSideApply"],
    ["admission", "admission"],
    ["admission-with-devices", "admission"],
  ] as const)
    test(name, () => {
      const own = delivered(name);
      const other = delivered(name, "component");
      expect(
        own.files.some((file) => file.path.includes("/kustomization.yaml") && /patches\/\w+\//.test(file.path)),
      ).toBe(false);
      expect(own.inputs.project.text).toContain(delivery);
      const table = ({ known, files, inputs }: typeof own) => {
        const { flows, expected } = verifyCluster(known, files, inputs.workloads);
        const rows = buildTable(listConnections(flows, buildExpectedIndex(expected)), { by: "workload" });
        return JSON.stringify(
          convertTables([{ cluster: "main", rows: rows.map((row) => ({ ...row, origins: [] })), assumed: [] }]),
        );
      };
      expect(table(own)).toEqual(table(other));
      expect(table(own)).toMatch(/1[12]0"/);
    });
});

describe("parts of objects", () => {
  const part = "patches/payments/deployment-deployment.yaml";
  for (const [title, edit, code] of [
    ["for a workload that is not there", replace("name: deployment", "name: missing"), "verify/missing-workload"],
    ["for another namespace", replace("namespace: payments", "namespace: other"), "verify/missing-workload"],
    ["without the network", replace(/k8s\.v1\.cni\.cncf\.io\/networks: .*/, "x: other"), "verify/no-traffic"],
    ["of another network", replace('"name":"zone-pci"', '"name":"zone-other"'), "verify/no-traffic"],
  ] as const)
    test(title, () => expect(codesAfter("server-side-flux", part, edit)).toContain(code));
});

describe("policies at admission", () => {
  const policy = "admission/policy.yaml";
  const own = "admission/payments/deployment-deployment.yaml";
  for (const [title, path, edit, code] of [
    ["an expression that nobody knows", policy, replace("variables.before + ", ""), "verify/unreadable"],
    [
      "a policy that lets failures pass",
      policy,
      replace("failurePolicy: Fail", "failurePolicy: Ignore"),
      "verify/unreadable",
    ],
    ["a policy for other operations", policy, replace("- CREATE", "- DELETE"), "verify/unreadable"],
    ["no policy", policy, replace(/[\s\S]*/, ""), "verify/unreadable"],
    [
      "a binding of another policy",
      own,
      replace("policyName: plumbline-attach-pods", "policyName: x"),
      "verify/unreadable",
    ],
    [
      "parameters that are not there",
      own,
      replace(/paramRef:\n {4}name: .*/, "paramRef:\n    name: x"),
      "verify/unreadable",
    ],
    ["a parameter that nobody reads", own, replace("  hash:", "  other: x\n  hash:"), "verify/unreadable"],
    [
      "further conditions",
      own,
      replace("  matchResources:", "  matchResources:\n    matchPolicy: Exact"),
      "verify/unreadable",
    ],
    ["networks that are no list", own, replace(/networks: .*/, "networks: x"), "verify/unreadable"],
    ["labels of nobody", own, replace("app: deployment", "app: nobody"), "verify/missing-workload"],
    ["labels of somebody else", own, replace("app: deployment", "app: job"), "verify/no-traffic"],
    ["another namespace", own, replace("- payments", "- other"), "verify/missing-workload"],
    ["another network", own, replace('"name":"zone-pci"', '"name":"zone-other"'), "verify/no-traffic"],
  ] as const)
    test(title, () => expect(codesAfter("admission", path, edit)).toContain(code));
});
