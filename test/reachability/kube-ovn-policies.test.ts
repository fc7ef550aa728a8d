import { expect, test } from "vitest";
import { computeFlows } from "../../src/verify/dataplane/compute-flows.ts";
import { formatServices } from "../../src/verify/headerspace/service-set.ts";
import { listWorkloadIds } from "../../src/verify/model/pods/node.ts";
import { network, pod, policy, type WorldOptions, world } from "./world.ts";

const API = "kubeovn.io/v1";
const link = [
  { apiVersion: API, kind: "Vlan", metadata: { name: "net" }, spec: { id: 5, provider: "data" } },
  {
    apiVersion: API,
    kind: "Subnet",
    metadata: { name: "net" },
    spec: { cidrBlock: "10.0.0.0/24", gateway: "10.0.0.1", vlan: "net", provider: "net.a.ovn" },
  },
  network("a", "net", { type: "kube-ovn", server_socket: "/run/sock", provider: "net.a.ovn" }),
];
/** A pod on the VLAN with an address of its own. */
function placed(namespace: string, name: string, address: string): object {
  const made = pod(namespace, name, "a/net");
  const { metadata } = made.spec.template;
  const annotations = { ...metadata.annotations, "net.a.ovn.kubernetes.io/ip_address": address };
  return { ...made, spec: { template: { ...made.spec.template, metadata: { ...metadata, annotations } } } };
}

const pods = [placed("a", "one", "10.0.0.11"), placed("a", "two", "10.0.0.12"), placed("b", "three", "10.0.0.13")];

const scoped: WorldOptions = { platform: { kubeOvn: { externalSubnet: undefined, policyFor: true } } };

/** What reaches `a/two` over the VLAN, by the name of who sends. */
function reached(written: readonly object[], from = "Deployment a/one", options: WorldOptions = scoped, there = pods) {
  const { model } = world([...link, ...written], there, options);
  const flow = computeFlows(model).secondary.find(
    (one) =>
      one.from.type === "node" &&
      listWorkloadIds(one.from.node).includes(from) &&
      one.to.type === "node" &&
      listWorkloadIds(one.to.node).includes("Deployment a/two"),
  );
  return flow ? formatServices(flow.sent.services) : [];
}

const two = { podSelector: { matchLabels: { app: "two" } } };
const POLICY_FOR = "ovn.kubernetes.io/network_policy_for";
const deny = (names?: string) =>
  policy("a", "deny", { ...two, policyTypes: ["Ingress"] }, "NetworkPolicy", names ? { [POLICY_FOR]: names } : {});
const open = (peer: object, port: number, names?: string) =>
  policy(
    "a",
    `open-${port}`,
    { ...two, ingress: [{ from: [peer], ports: [{ protocol: "TCP", port }] }] },
    "NetworkPolicy",
    names ? { [POLICY_FOR]: names } : {},
  );

test("a NetworkPolicy holds on every port of a pod, or on those that it names", () => {
  expect(reached([])).toEqual(["everything"]);
  expect(reached([deny()])).toEqual([]);
  expect(reached([deny("ovn")])).toEqual(["everything"]);
  expect(reached([deny("OVN, a/net")])).toEqual([]);
  expect(reached([deny("a/net")])).toEqual([]);
  expect(reached([deny("b/net")])).toEqual(["everything"]);
  expect(reached([deny()], "Deployment a/one", { platform: { networkPolicy: false } })).toEqual(["everything"]);
});

test("where nobody reads which it names, it holds on all, and that is said", () => {
  const options: WorldOptions = { platform: { kubeOvn: { externalSubnet: undefined, policyFor: false } } };
  expect(reached([deny("ovn")], "Deployment a/one", options)).toEqual([]);
  const { diagnostics } = world([...link, deny("ovn")], pods, options);
  expect(diagnostics.map((one) => one.code)).toEqual(["verify/policy-not-enforced"]);
  expect(world([...link, deny("net")], pods, scoped).diagnostics.map((one) => one.code)).toEqual([
    "verify/policy-not-enforced",
  ]);
});

test("its peers are pods by the addresses of their ports, and blocks", () => {
  expect(reached([deny(), open({ podSelector: { matchLabels: { app: "one" } } }, 1)])).toEqual(["tcp/1"]);
  expect(reached([deny(), open({ podSelector: { matchLabels: { app: "two" } } }, 1)])).toEqual([]);
  expect(reached([deny(), open({ ipBlock: { cidr: "10.0.0.0/24" } }, 1, "a/net")])).toEqual(["tcp/1"]);
  // Policies of the main port open nothing here.
  expect(reached([deny(), open({ ipBlock: { cidr: "10.0.0.0/24" } }, 1, "ovn")])).toEqual([]);
  const three = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "b" } } };
  expect(reached([deny(), open(three, 1)], "Deployment b/three")).toEqual(["tcp/1"]);
  expect(reached([deny(), open(three, 1)])).toEqual([]);
});

test("it is one of two where a MultiNetworkPolicy is enforced as well", () => {
  const platform = { multiNetworkPolicy: { plugins: ["kube-ovn"], endPort: false, acceptIcmp6: true } };
  const multi = (port: number) =>
    policy(
      "a",
      "multi",
      {
        ...two,
        ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/24" } }], ports: [{ protocol: "TCP", port }] }],
      },
      "MultiNetworkPolicy",
      { "k8s.v1.cni.cncf.io/policy-for": "net" },
    );
  const both = (port: number) =>
    reached([multi(port), deny(), open({ podSelector: {} }, 1)], "Deployment a/one", { platform });
  expect(both(1)).toEqual(["tcp/1"]);
  expect(both(2)).toEqual([]);
});

test("policies of admins hold on every port too, in their order", () => {
  const admin = (ingress: readonly object[], tier = "Admin", priority = 5) => ({
    apiVersion: "policy.networking.k8s.io/v1alpha2",
    kind: "ClusterNetworkPolicy",
    metadata: { name: `p-${tier}-${priority}` },
    spec: { tier, priority, subject: { namespaces: {} }, ingress },
  });
  const from = (action: string, name?: string, number?: number) => ({
    action,
    from: [{ namespaces: name ? { matchLabels: { "kubernetes.io/metadata.name": name } } : {} }],
    ...(number !== undefined && { protocols: [{ tcp: { destinationPort: { number } } }] }),
  });
  const on = (written: readonly object[], sender = "Deployment a/one") =>
    reached(written, sender, { platform: { ...scoped.platform, adminPolicy: "ClusterNetworkPolicy" } });
  expect(on([admin([from("Deny")])])).toEqual([]);
  expect(on([admin([from("Deny", "b")])])).toEqual(["everything"]);
  expect(on([admin([from("Deny", "b")])], "Deployment b/three")).toEqual([]);
  // Passed on to NetworkPolicies, which open one port; the rest is denied before them.
  const passed = admin([from("Pass", "a"), from("Deny")]);
  expect(on([passed])).toEqual(["everything"]);
  expect(on([passed, deny(), open({ podSelector: {} }, 1)])).toEqual(["tcp/1"]);
  expect(on([passed, deny(), open({ namespaceSelector: {} }, 1)], "Deployment b/three")).toEqual([]);
  // Accepted past them.
  expect(on([admin([from("Accept", "a", 7)]), deny()])).toEqual(["tcp/7"]);
  expect(on([admin([from("Deny")], "Admin", 9), admin([from("Accept", "a", 7)], "Admin", 3)])).toEqual(["tcp/7"]);
  // The baseline is asked only where no NetworkPolicy isolates.
  expect(on([admin([from("Deny")], "Baseline")])).toEqual([]);
  expect(on([admin([from("Deny")], "Baseline"), deny(), open({ podSelector: {} }, 1)])).toEqual(["tcp/1"]);
});

test("where a pool tells pods not apart, what is denied to some of them is not taken for closed", () => {
  const pooled = [pod("a", "one", "net"), pod("a", "two", "net"), pod("b", "three", "a/net")];
  const denied = (namespaces: object) => ({
    apiVersion: "policy.networking.k8s.io/v1alpha2",
    kind: "ClusterNetworkPolicy",
    metadata: { name: "p" },
    spec: {
      tier: "Admin",
      priority: 5,
      subject: { namespaces: {} },
      ingress: [{ action: "Deny", from: [{ namespaces }] }],
    },
  });
  const on = (namespaces: object, sender = "Deployment a/one") => {
    const platform = { ...scoped.platform, adminPolicy: "ClusterNetworkPolicy" as const };
    return reached([denied(namespaces)], sender, { platform }, pooled);
  };
  const b = { matchLabels: { "kubernetes.io/metadata.name": "b" } };
  expect(on(b)).toEqual(["everything"]);
  expect(on(b, "Deployment b/three")).toEqual(["everything"]);
  expect(on({})).toEqual([]);
});
