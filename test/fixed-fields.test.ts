import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import type { CompileOptions, Inputs } from "../src/ir/compiled.ts";

const project = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - {name: east, target: ovn-kubernetes, platform: {multiNetworkPolicy: {plugins: [ovn-k8s-cni-overlay]}, adminPolicy: AdminNetworkPolicy, networkWriters: [ovn]}}
    - {name: west, target: ovn-kubernetes, platform: {multiNetworkPolicy: {plugins: [ovn-k8s-cni-overlay]}, adminPolicy: AdminNetworkPolicy, networkWriters: [ovn]}}
`;

const intents = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [east, west]
  uplinks: [{name: data, interface: bond1, vlans: ["100-199"], attach: ovs, physicalNetwork: physnet}]
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: pci}
spec:
  namespaces: [payments]
  network: {separation: vlan, uplink: data, vlan: 110, subnets: [10.10.0.0/24]}
`;

const workload = `apiVersion: apps/v1
kind: Deployment
metadata: {name: card, namespace: payments}
spec:
  replicas: 2
  selector: {matchLabels: {app: card}}
  template:
    metadata: {labels: {app: card}}
    spec: {containers: [{name: card, image: "registry.example.com/card:1.0"}]}
`;

function run(lock: string | undefined, change: (intents: string) => string = (text) => text, options?: CompileOptions) {
  const inputs: Inputs = {
    project: { path: "plumbline.yaml", text: project },
    intents: [{ path: "intents/all.yaml", text: change(intents) }],
    workloads: [{ file: { path: "workloads/all.yaml", text: workload }, namespace: undefined }],
    lock: lock === undefined ? undefined : { path: "plumbline.lock.yaml", text: lock },
    templates: [],
  };
  return compile(inputs, options);
}

const first = run(undefined).lock as string;
const moved = (text: string) => text.replace("vlan: 110", "vlan: 111");

test("a lock keeps what the API server takes once, and the next compile finds it", () => {
  expect(first).toContain("\nfixed:\n");
  expect(first).toContain("  cluster/west/isolationzone/pci/vlan: 110\n");
  expect(run(first).lock).toBe(first);
});

test("a change is one error in each cluster, and nothing is written", () => {
  const { diagnostics, files, lock } = run(first, moved);
  expect(diagnostics.map((one) => one.code)).toEqual(["allocation/cannot-change", "allocation/cannot-change"]);
  expect([files, lock]).toEqual([[], undefined]);
});

test("whoever deletes the object says so by --relock", () => {
  const { diagnostics, lock } = run(first, moved, { relock: ["isolationzone/pci"] });
  expect(diagnostics).toEqual([]);
  expect(lock).toContain("  cluster/east/isolationzone/pci/vlan: 111\n");
  expect(run(lock, moved).diagnostics).toEqual([]);
});

test("clusters that are not compiled keep their lines, and those that are gone lose them", () => {
  const { lock } = run(first, moved, { relock: ["isolationzone/pci"], clusters: ["east"] });
  expect(lock).toContain("  cluster/east/isolationzone/pci/vlan: 111\n");
  expect(lock).toContain("  cluster/west/isolationzone/pci/vlan: 110\n");
  expect(run(first.replace("\nfixed:\n", "\nfixed:\n  cluster/north/isolationzone/pci/vlan: 110\n")).lock).toBe(first);
});

test("an intent that is gone leaves no line, so that its object can be made anew", () => {
  const gone = run(first, (text) => text.slice(0, text.indexOf("---"))).lock as string;
  expect(gone).not.toContain("fixed:");
});

test("a merge keeps the lines of both sides in their section", () => {
  const line = "  cluster/west/isolationzone/pci/vlan: 110\n";
  const conflicted = first.replace(line, `<<<<<<< ours\n=======\n${line}>>>>>>> theirs\n`);
  const merged = run(conflicted, undefined, { merge: true });
  expect(merged.diagnostics).toEqual([]);
  expect(merged.lock).toBe(first);
  const bare = first.slice(0, first.indexOf("fixed:"));
  const section = first.slice(first.indexOf("fixed:"));
  const whole = run(`${bare}<<<<<<< ours\n=======\n${section}>>>>>>> theirs\n`, moved, { merge: true });
  expect(whole.diagnostics.map((one) => one.code)).toContain("allocation/cannot-change");
});
