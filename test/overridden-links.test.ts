import { expect, test } from "vitest";
import type { Inputs } from "../src/ir/compiled.ts";
import { core } from "./core.ts";

/** Two zones on uplinks of their own, in two clusters; `south` says what differs in the second one. */
function errorsOf(south: string): readonly string[] {
  const file = (path: string, text: string) => ({ path, text });
  const intents = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [north, south]
  uplinks:
    - {name: data, interface: bond1, vlans: ["100-199"]}
    - {name: lab, interface: bond2, vlans: ["100-199"]}
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
  overrides: {south: {uplinks: [${south}]}}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: one}
spec: {namespaces: [one], network: {separation: vlan, uplink: data, vlan: 110}}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: two}
spec: {namespaces: [two], network: {separation: vlan, uplink: lab, vlan: 110}}
`;
  const project = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: shop}
spec: {clusters: [{name: north}, {name: south}]}
`;
  const inputs: Inputs = {
    project: file("plumbline.yaml", project),
    intents: [file("intents/all.yaml", intents)],
    workloads: [],
    lock: undefined,
    templates: [],
  };
  return core.compile(inputs).diagnostics.flatMap((one) => (one.severity === "error" ? [one.code] : []));
}

const data = '{name: data, interface: bond1, vlans: ["100-199"]}';

test("links of every cluster are compared, not those of the first cluster alone", () => {
  const named = (interfaceOf: string, name: string) =>
    `{name: ${name}, interface: ${interfaceOf}, vlanInterface: "v{vlan}", vlans: ["100-199"]}`;
  expect(errorsOf(`${data}, {name: lab, interface: bond2, vlans: ["100-199"]}`)).toEqual([]);
  // Both name their VLAN links alike in the second cluster: one link is then of both zones.
  expect(errorsOf(`${named("bond1", "data")}, ${named("bond2", "lab")}`)).toEqual(["network/same-link"]);
});

test("two uplinks on one interface in the second cluster", () => {
  expect(errorsOf(`${data}, {name: lab, interface: bond1, vlans: ["100-199"]}`)).toContain("fabric/same-interface");
  expect(errorsOf(`${data}, {name: lab, interface: bond1.110, vlans: ["100-199"]}`)).toContain("fabric/inside-vlan");
});
