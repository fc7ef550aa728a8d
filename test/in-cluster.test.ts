import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { pageInputs } from "./page-project.ts";

const project = (clusters: readonly string[]) => `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
${clusters.map((name) => `    - {name: ${name}, platform: {multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}, adminPolicy: ClusterNetworkPolicy}}\n`).join("")}---
apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [${clusters.join(", ")}]
  uplinks: [{name: data, interface: bond1, vlans: ["100-199"]}]
  pools: [{name: zones, cidr: 10.128.0.0/12, prefixLength: 24}]
---
apiVersion: plumbline.dev/v1alpha1
kind: Expectation
metadata: {name: wished}
spec:
  checks: [{from: {zone: corp}, to: {zone: pci}, ports: [tcp/22], expect: allowed}]
`;

test("what is found alike in several clusters names each", () => {
  const { diagnostics } = compile(pageInputs(project(["east", "west"])));
  const words = "zone corp to zone pci by tcp/22 is expected to be allowed";
  expect(diagnostics.map((one) => one.message)).toEqual([
    `${words} (in cluster \`east\`)`,
    `${words} (in cluster \`west\`)`,
  ]);
});
