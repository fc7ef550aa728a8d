import { expect, test } from "vitest";
import type { Inputs } from "../src/ir/compiled.ts";
import { core } from "./core.ts";

const PROJECT = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: machines}
spec:
  clusters:
    - {name: main, platform: {multiNetworkPolicy: {plugins: [bridge, macvlan], acceptIcmp6: true}, adminPolicy: ClusterNetworkPolicy}}
`;

const intents = (member: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks: [{name: data, interface: bond1, vlans: ["100-199"], attach: bridge}]
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: corp}
spec:
  namespaces: [web]
  network: {separation: vlan, uplink: data, vlan: 120, subnets: [10.20.0.0/24]}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: erp}
spec:
  namespaces: [erp]
  network: {separation: vlan, uplink: data, vlan: 110, subnets: [10.10.0.0/24], addressing: none}
  members:
    - ${member}
---
apiVersion: plumbline.dev/v1alpha1
kind: FirewallPair
metadata: {name: edge}
spec:
  namespace: fw-edge
  legs:
    - {name: inside, zone: corp}
    - {name: machines, zone: erp, addresses: [10.10.0.2, 10.10.0.3], virtualAddress: 10.10.0.1}
  rules: [{name: sap, from: {zone: corp}, to: {workload: {namespace: erp, kind: VirtualMachine, name: app}}, ports: [tcp/3200]}]
  image: registry.example.com/netfw@sha256:ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12
`;

const WORKLOADS = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: app, namespace: erp}
spec:
  runStrategy: Always
  template:
    metadata: {labels: {app: app}}
    spec: {domain: {devices: {}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: "registry.example.com/app:1.0"}]}
`;

function compiled(member: string) {
  const inputs: Inputs = {
    project: { path: "plumbline.yaml", text: PROJECT },
    intents: [{ path: "intents/all.yaml", text: intents(member) }],
    workloads: [{ file: { path: "workloads/all.yaml", text: WORKLOADS }, namespace: undefined }],
    lock: undefined,
    templates: [],
  };
  const { files, diagnostics } = core.compile(inputs);
  return { files, errors: diagnostics.filter((one) => one.severity === "error").map((one) => one.code) };
}

const GUEST = "{workload: {namespace: erp, kind: VirtualMachine, name: app}, addresses: [10.10.0.21], setBy: guest}";

test("what a guest sets is written nowhere but in the handoff, with the routes that it needs", () => {
  const { files, errors } = compiled(GUEST);
  expect(errors).toEqual([]);
  const handoff = files.find((one) => one.path === "main/handoff.md")?.text ?? "";
  expect(handoff).toContain(
    "in the guest of VirtualMachine erp/app, set 10.10.0.21/24 on the interface `net1` of its pod, the route `10.20.0.0/24` by 10.10.0.1",
  );
  const patch = files.find((one) => one.path.includes("patches/erp/"))?.text ?? "";
  expect(patch).toContain("bridge: {}");
  expect(patch).not.toContain("10.10.0.21");
  // The firewall lets through what goes to the address that is declared, and nothing else.
  const rules = files.find((one) => one.path === "main/pairs/edge.yaml")?.text ?? "";
  expect(rules).toContain("ip daddr 10.10.0.21/32 tcp dport { 3200 }");
});

test("an address of a guest is claimed like every other", () => {
  expect(compiled(GUEST.replace("10.10.0.21", "10.30.0.21")).errors).toContain("network/outside-subnet");
  expect(compiled(GUEST.replace("10.10.0.21", "10.10.0.1")).errors).toContain("allocation/written-twice");
});
