import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import { type EndpointState, readEndpointState } from "../../src/migrate/endpoint-state.ts";
import { groupUnits, MAX_UNITS } from "../../src/migrate/migration-unit.ts";
import { listStates } from "../../src/migrate/state.ts";
import { planSteps } from "../../src/migrate/steps-of.ts";

const numbers = Array.from({ length: 30 }, (_none, index) => index);

const project = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: many}
spec:
  clusters:
    - name: main
      platform:
        multiNetworkPolicy: {plugins: [macvlan, ovn-k8s-cni-overlay]}
        adminPolicy: ClusterNetworkPolicy
`;

const fabric = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, interface: bond1, vlans: ["100-199"], physicalNetwork: physnet1}
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
`;

const zone = (n: number) => `---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: z${n}}
spec:
  namespaces: [ns-${n}]
  network: {separation: vlan, uplink: data, pools: [zones]}
`;

const workload = (n: number) => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: ns-${n}}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: main, image: "registry.example.com/app:1.0"}]}
`;

const inputs: Inputs = {
  project: { path: "plumbline.yaml", text: project },
  intents: [{ path: "intents/all.yaml", text: fabric + numbers.map(zone).join("") }],
  workloads: [{ file: { path: "workloads/all.yaml", text: numbers.map(workload).join("") }, namespace: undefined }],
  lock: undefined,
  templates: [],
};

function sideOn(target: string): EndpointState {
  const { plans, files } = compile(inputs, { target, skipVerify: true });
  const below = files.map(({ path, text }) => ({ path: path.replace(/^main\//, ""), text }));
  const [plan] = plans;
  if (!plan) throw new Error(`nothing is planned on ${target}`);
  return readEndpointState(plan, below, inputs);
}

test("many zones move in few parts, each zone and each workload in one of them", () => {
  const [before, after] = [sideOn("multus"), sideOn("ovn-kubernetes")];
  const units = groupUnits(before, after);
  expect(units.length).toBeGreaterThan(1);
  expect(units.length).toBeLessThanOrEqual(MAX_UNITS);
  expect(units.flatMap((one) => one.intents).sort()).toEqual(numbers.map((n) => `isolationzone/z${n}`).sort());
  expect(units.flatMap((one) => one.workloads).sort()).toEqual(numbers.map((n) => `Deployment ns-${n}/app`).sort());
  expect(new Set(units.map((one) => one.name)).size).toBe(units.length);
  // No pod runs while its network is taken away or made.
  const steps = planSteps(before, after, units);
  for (const { step, running } of listStates(before, steps)) {
    const unit = steps.find((one) => one.slug === step)?.unit;
    if (/remove|create/.test(step))
      expect(unit?.workloads.map((id) => running.get(id))).toEqual(unit?.workloads.map(() => "none"));
  }
  expect([...(listStates(before, steps).at(-1)?.objects.keys() ?? [])].sort()).toEqual(
    [...after.objects.keys()].sort(),
  );
});
