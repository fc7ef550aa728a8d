import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { pageInputs } from "../page-project.ts";

/** A Deployment on a network of its own, which lies beside it. */
const pod = (name: string, namespace: string, master: string, ipam: string) => `---
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: ${name}-lan, namespace: ${namespace}}
spec:
  config: '{"cniVersion": "1.0.0", "type": "macvlan", "master": "${master}", "ipam": ${ipam}}'
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}}
      annotations: {k8s.v1.cni.cncf.io/networks: ${name}-lan}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
`;

const dhcp = '{"type": "dhcp"}';
const range = (subnet: string) => `{"type": "whereabouts", "range": "${subnet}"}`;

function codes(...parts: readonly string[]): readonly string[] {
  const { diagnostics } = compile(pageInputs(parts.join("").slice("---\n".length)));
  return [...new Set(diagnostics.filter((one) => one.severity === "error").map((one) => one.code))];
}

const card = (master: string, ipam: string) => pod("card", "payments", master, ipam);
const shop = (master: string, ipam: string) => pod("shop", "web", master, ipam);

test.each([
  ["a DHCP server gives them", dhcp, dhcp],
  ["nobody gives any", "{}", "{}"],
  ["one has none", range("10.9.0.0/24"), "{}"],
  ["their subnets differ", range("10.9.0.0/24"), range("10.8.0.0/24")],
])("pods of two zones are neighbours, whatever their addresses: %s", (_, one, other) => {
  expect(codes(card("bond1.300", one), shop("bond1.300", other))).toEqual(["verify/shared-link"]);
});

test("so are a zone's pod and one of no zone", () => {
  const probe = pod("probe", "tools", "bond1.300", dhcp);
  expect(codes(card("bond1.300", dhcp), probe)).toEqual(["verify/shared-link"]);
  expect(codes(probe, pod("other", "lab", "bond1.300", dhcp))).toEqual([]);
});

test("addresses of one subnet are judged as the flows they are", () => {
  const both = codes(card("bond1.300", range("10.9.0.0/24")), shop("bond1.300", range("10.9.0.0/24")));
  expect(both).toEqual(["verify/unexpected-path"]);
});

test("links apart, and links of one zone, are nobody else's", () => {
  expect(codes(card("bond1.300", dhcp), shop("bond1.301", dhcp))).toEqual([]);
  expect(codes(card("bond1.300", dhcp), pod("db", "payments", "bond1.300", dhcp))).toEqual([]);
});

test("a third pod is told of, where the first two are addressed", () => {
  const [one, two] = [card("bond1.300", range("10.9.0.0/24")), shop("bond1.300", range("10.9.0.0/24"))];
  const third = pod("late", "payments", "bond1.300", dhcp);
  expect(codes(one, two, third)).toEqual(["verify/unexpected-path", "verify/shared-link"]);
});

/** A pod on a network that an operator makes a definition of. */
const byOperator = (kind: string, apiVersion: string, spec: string) => `---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: probe-lan}
spec: {networkNamespace: web, ${spec}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: probe, namespace: web}
spec:
  selector: {matchLabels: {app: probe}}
  template:
    metadata:
      labels: {app: probe}
      annotations: {k8s.v1.cni.cncf.io/networks: probe-lan}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
`;

test("networks of operators are on the link that they name", () => {
  const lan = (kind: string, api: string, spec: string) => {
    const inputs = pageInputs(card("eth9", range("10.9.0.0/24")).slice("---\n".length));
    const file = { path: "workloads/operator.yaml", text: byOperator(kind, api, spec).slice("---\n".length) };
    const { diagnostics } = compile({ ...inputs, workloads: [...inputs.workloads, { file, namespace: undefined }] });
    return diagnostics.filter((one) => one.severity === "error").map((one) => one.code);
  };
  const macvlan = (master: string) => lan("MacvlanNetwork", "mellanox.com/v1alpha1", `master: ${master}, mode: bridge`);
  expect(macvlan("eth9")).toContain("verify/shared-link");
  expect(macvlan("eth8")).toEqual([]);
  // A kind of that name of another API is nobody's network.
  expect(lan("MacvlanNetwork", "example.com/v1", "master: eth9")).toEqual([]);
  expect(lan("SriovNetwork", "sriovnetwork.openshift.io/v1", "resourceName: nic, vlan: 7")).toEqual([]);
});
