import { expect, test, vi } from "vitest";
import { compile } from "../src/compile.ts";
import { pageInputs } from "./page-project.ts";

// The one line: the list of targets with another one in it. Nothing else of plumbline knows that there is one.
vi.mock("../src/targets/index.ts", async (original) => {
  const { targets } = await original<typeof import("../src/targets/index.ts")>();
  const { toy } = await import("./data/toy-target/index.ts");
  return { targets: [...targets, toy] };
});

const onToy = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - {name: main, target: toy}
`;

const only = `${onToy}---
apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata: {name: mainframe}
spec:
  network: {uplink: data, vlan: 150, subnets: [10.50.0.0/24]}
`;

test("a target that is nothing like Multus lowers the same plan", () => {
  const { files, diagnostics } = compile(pageInputs(onToy), { skipVerify: true, allowLoss: ["external"] });
  expect(diagnostics.filter((one) => one.severity === "error")).toEqual([]);
  const text = files.find((file) => file.path === "main/zones/pci.yaml")?.text ?? "";
  expect(text).toContain("kind: Network\n");
  expect(text).toContain("kind: Claim\n");
  expect(text).toContain("- payments\n");
  expect(files.some((file) => file.text.includes("k8s.cni.cncf.io/v1\n"))).toBe(false);
});

test("what a target cannot do is refused at the line that needs it, with the targets that can", () => {
  const { diagnostics, files } = compile(pageInputs(only), { skipVerify: true });
  expect(files).toEqual([]);
  expect(diagnostics.map((one) => `${one.code} ${one.help}`)).toEqual([
    "target/unsupported targets that have it: multus, ovn-kubernetes, dra, kube-ovn, gke, network-kind",
  ]);
  expect(diagnostics[0]?.place).toMatchObject({ path: ["spec", "network"] });
});
