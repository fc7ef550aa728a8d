import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { pageInputs } from "../page-project.ts";
import { bridge, codes, local, macvlan, nad, pod, range } from "./own-networks.ts";

describe("the node is a router", () => {
  test.each([
    ["isGateway", bridge("cni9", { isGateway: true })],
    ["ipMasq", bridge("cni9", { ipMasq: true })],
    ["IPv6", bridge("cni9", { isGateway: true }, "fd00:99::/64")],
    ["the pod network's own bridge", bridge("cni0", {})],
    ["ptp", { type: "ptp", ipam: local("10.99.0.0/24") }],
  ])("a pod of one zone: %s", (_, config) => {
    expect(codes(nad("lan", "payments", config), pod("card", "payments", "lan"))).toEqual(["verify/node-is-router"]);
  });

  test("as the pod's default route, too", () => {
    const config = bridge("cni9", { isDefaultGateway: true });
    expect(codes(nad("lan", "payments", config), pod("card", "payments", "lan"))).toEqual([
      "verify/node-is-router",
      "verify/own-default-route",
    ]);
  });

  test.each(["web", "tools"])("joins bridges of their own: a zone and namespace %s", (namespace) => {
    const found = codes(
      nad("lan", "payments", bridge("cni9", { isGateway: true })),
      nad("lan", namespace, bridge("cni8", { isGateway: true }, "10.98.0.0/24")),
      pod("card", "payments", "lan"),
      pod("probe", namespace, "lan"),
    );
    expect(found).toContain("verify/joined-by-node");
  });

  test("pods of no zone, and bridges without a node's address, are nobody's border", () => {
    const probe = [nad("lan", "tools", bridge("cni9", { isGateway: true })), pod("probe", "tools", "lan")];
    expect(codes(...probe)).toEqual([]);
    expect(codes(nad("lan", "payments", bridge("cni8", {})), pod("card", "payments", "lan"), ...probe)).toEqual([]);
  });
});

describe("ties between routes", () => {
  const to = (dst: string, gw: string, more: object = {}) => ({ dst, gw, ...more });

  test.each([
    ["IPv4", range("192.168.200.0/24", [to("0.0.0.0/0", "192.168.200.1")]), true],
    ["IPv6", range("fd00:9::/64", [to("::/0", "fd00:9::1")]), true],
    ["behind that of eth0", range("192.168.200.0/24", [to("0.0.0.0/0", "192.168.200.1", { priority: 100 })]), false],
    ["a part of everything", range("192.168.200.0/24", [to("192.168.0.0/16", "192.168.200.1")]), false],
  ])("a default route of a pod's own network: %s", (_, ipam, told) => {
    const found = codes(nad("lan", "payments", macvlan(ipam)), pod("card", "payments", "lan"));
    expect(found.includes("verify/own-default-route")).toBe(told);
  });

  test("equal subnets of two links", () => {
    const [one, other] = [macvlan(range("10.9.0.0/24")), macvlan(range("10.9.0.0/24"), "eth8")];
    const found = codes(nad("a", "payments", one), nad("b", "payments", other), pod("card", "payments", "a,b"));
    expect(found).toContain("verify/equal-routes");
  });
});

describe("what a pod's own manifest lets it do", () => {
  const auditing = `apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: pci}
spec:
  namespaces: [payments]
  enforcement: audit
  network: {separation: vlan, uplink: data, vlan: 110, subnets: [10.10.0.0/24]}
`;
  const sysctl = (name: string, value: string) => `securityContext: {sysctls: [{name: ${name}, value: '${value}'}]}, `;
  test.each([
    ["net.ipv4.ip_forward", "1", true, true],
    ["net/ipv4/ip_forward", "1", true, true],
    ["net.ipv6.conf.all.forwarding", "1", true, true],
    // The guard's list has names alone.
    ["net.ipv4.ip_forward", "0", true, false],
    ["net.ipv4.ip_local_port_range", "1024 65535", false, false],
  ])("sysctl %s = %s", (name, value, refused, told) => {
    const forwarding = pod("card", "payments", "", { spec: sysctl(name, value) });
    expect(codes(forwarding).includes("member/refused-by-guard")).toBe(refused);
    // No guard refuses pods of a zone that only audits: there the model must see it.
    expect(codes(forwarding, auditing).includes("verify/two-domains")).toBe(told);
  });

  const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: x, namespace: payments}
spec:
  podSelector: {matchLabels: {app: card}}
  ingress: [{from: [{namespaceSelector: {}}], ports: [{port: http}]}]
`;
  const open = policy.replace("{matchLabels: {app: card}}", "{}");
  const ports = "ports: [{name: http, containerPort: 80}]";
  const init = `initContainers: [{name: i, image: "registry.example.com/i:1.0", restartPolicy: Always, ${ports}}], `;
  const none = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters: [{name: main, platform: {multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}, adminPolicy: none}}]
`;

  test("a named port of an init container that goes on, and of pods that no manifest shows", () => {
    const project = (deployment: string, text: string) => {
      const inputs = pageInputs([none, deployment].join("---\n"));
      const more = { file: { path: "workloads/policy.yaml", text }, namespace: undefined };
      const workloads = [...inputs.workloads, more];
      return compile({ ...inputs, workloads }).diagnostics.map((one) => one.code);
    };
    expect(project(pod("card", "payments", "", { spec: init }), policy)).toContain("verify/back-door");
    expect(project(pod("card", "payments", ""), policy)).not.toContain("verify/back-door");
    expect(project(pod("card", "payments", ""), open)).toContain("verify/back-door");
  });
});
