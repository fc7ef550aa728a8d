import { describe, expect, test } from "vitest";
import { computeFlows } from "../../src/verify/dataplane/compute-flows.ts";
import { formatServices } from "../../src/verify/headerspace/service-set.ts";
import { listWorkloadIds } from "../../src/verify/model/pods/node.ts";
import { network, pod, policy, pool, type WorldOptions, world } from "./world.ts";

const named = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
const pods = [pod("a", "one", ""), pod("b", "two", "")];

/** What pods of `a` reach in `b` over eth0. */
function eth0(
  written: readonly object[],
  options?: WorldOptions,
  workloads: readonly object[] = pods,
): readonly string[] {
  const { model, diagnostics } = world(written, workloads, options);
  expect(diagnostics.filter((one) => one.severity === "error")).toEqual([]);
  const is = (id: string) => (node: { id: string }) => node.id === id;
  const flow = computeFlows(model).primary.find(
    (one) => one.from.nodes.some(is("Deployment a/one")) && one.to.nodes.some(is("Deployment b/two")),
  );
  return flow ? formatServices(flow.services) : [];
}

describe("NetworkPolicy", () => {
  const deny = policy("b", "deny", { podSelector: {}, policyTypes: ["Ingress"] });
  const from = (peer: object, ports?: object) =>
    policy("b", "allow", { podSelector: {}, ingress: [{ from: [peer], ...(ports && { ports: [ports] }) }] });

  test("isolates only who is selected, and policies add up", () => {
    expect(eth0([])).toEqual(["everything"]);
    expect(eth0([deny])).toEqual([]);
    expect(eth0([deny, from({ namespaceSelector: named("a") }, { protocol: "TCP", port: 443 })])).toEqual(["tcp/443"]);
    expect(
      eth0([policy("b", "other", { podSelector: { matchLabels: { app: "else" } }, policyTypes: ["Ingress"] })]),
    ).toEqual(["everything"]);
  });

  test("a pod selector without a namespace selector means the policy's own namespace", () => {
    expect(eth0([deny, from({ podSelector: { matchLabels: { app: "one" } } })])).toEqual([]);
    expect(eth0([deny, from({ namespaceSelector: {}, podSelector: { matchLabels: { app: "one" } } })])).toEqual([
      "everything",
    ]);
  });

  test("a selector that is null is none", () => {
    expect(eth0([deny, from({ namespaceSelector: null, podSelector: {} })])).toEqual([]);
    expect(eth0([deny, from({ namespaceSelector: named("a"), podSelector: null })])).toEqual(["everything"]);
    const { diagnostics } = world([from({ namespaceSelector: null, podSelector: null })], pods);
    expect(diagnostics.map((one) => one.code)).toEqual(["verify/unreadable"]);
  });

  test("a block over the pod network may mean any pod; its exceptions count", () => {
    expect(eth0([deny, from({ ipBlock: { cidr: "0.0.0.0/0" } })])).toEqual(["everything"]);
    expect(eth0([deny, from({ ipBlock: { cidr: "0.0.0.0/0", except: ["10.244.0.0/16"] } })])).toEqual([]);
    expect(eth0([deny, from({ ipBlock: { cidr: "192.0.2.0/24" } })])).toEqual([]);
  });

  test("ports by name are those of the destination", () => {
    const two = pod("b", "two", "", {
      spec: { containers: [{ name: "main", ports: [{ name: "https", containerPort: 8443 }] }] },
    });
    const open = from({ namespaceSelector: named("a") }, { protocol: "TCP", port: "https" });
    expect(eth0([deny, open], {}, [pods[0] as object, two])).toEqual(["tcp/8443"]);
  });

  test("without types, egress counts only where egress rules stand", () => {
    expect(eth0([policy("a", "p", { podSelector: {} })])).toEqual(["everything"]);
    // The API server asks how long the list is (SetDefaults_NetworkPolicy).
    expect(eth0([policy("a", "p", { podSelector: {}, egress: [] })])).toEqual(["everything"]);
    expect(eth0([policy("a", "p", { podSelector: {}, egress: null })])).toEqual(["everything"]);
    const elsewhere = [{ to: [{ namespaceSelector: named("c") }] }];
    expect(eth0([policy("a", "p", { podSelector: {}, egress: elsewhere })])).toEqual([]);
  });

  test("is said to be of no use where nothing enforces it", () => {
    const { diagnostics } = world([deny], pods, { platform: { networkPolicy: false } });
    expect(diagnostics.map((one) => one.code)).toEqual(["verify/policy-not-enforced"]);
  });

  test("is not read past a peer that is not understood", () => {
    const { diagnostics } = world([from({ fqdn: "example.com" })], pods);
    expect(diagnostics.map((one) => one.code)).toEqual(["verify/unreadable"]);
  });
});

describe("the admin tier", () => {
  const rule = (action: string, port?: number) => ({
    action,
    from: [{ namespaces: named("a") }],
    ...(port !== undefined && { protocols: [{ tcp: { destinationPort: { number: port } } }] }),
  });
  const admin = (name: string, priority: number, ingress: readonly object[], tier = "Admin") => ({
    apiVersion: "policy.networking.k8s.io/v1alpha2",
    kind: "ClusterNetworkPolicy",
    metadata: { name },
    spec: { tier, priority, subject: { namespaces: named("b") }, ingress },
  });
  const on = { platform: { adminPolicy: "ClusterNetworkPolicy" as const } };
  const deny = policy("b", "deny", { podSelector: {}, policyTypes: ["Ingress"] });

  test("accepts past a NetworkPolicy, denies past it, and passes to it", () => {
    expect(eth0([deny, admin("x", 1, [rule("Accept", 443)])], on)).toEqual(["tcp/443"]);
    expect(eth0([admin("x", 1, [rule("Deny")])], on)).toEqual([]);
    expect(eth0([admin("x", 1, [rule("Pass", 443), rule("Deny")])], on)).toEqual(["tcp/443"]);
    expect(eth0([deny, admin("x", 1, [rule("Pass", 443), rule("Deny")])], on)).toEqual([]);
  });

  test("asks lower priorities first", () => {
    expect(eth0([admin("x", 5, [rule("Deny")]), admin("y", 4, [rule("Accept")])], on)).toEqual(["everything"]);
    expect(eth0([admin("x", 3, [rule("Deny")]), admin("y", 4, [rule("Accept")])], on)).toEqual([]);
  });

  test("asks the baseline only where no NetworkPolicy isolates", () => {
    expect(eth0([admin("x", 1, [rule("Deny")], "Baseline")], on)).toEqual([]);
    const open = policy("b", "open", { podSelector: {}, ingress: [{}] });
    expect(eth0([open, admin("x", 1, [rule("Deny")], "Baseline")], on)).toEqual(["everything"]);
  });

  test("of an API that the platform lacks does nothing, and that is said", () => {
    const { diagnostics } = world([admin("x", 1, [rule("Deny")])], pods);
    expect(diagnostics.map((one) => one.code)).toEqual(["verify/policy-not-enforced"]);
  });
});

describe("MultiNetworkPolicy", () => {
  const nad = (type: string) =>
    network("a", "net", { type, master: "bond1.5", bridge: "br", ipam: pool("10.0.0.0/24") });
  const both = [pod("a", "one", "net"), pod("a", "two", "net", { labels: { tier: "back" } })];
  const closed = (policyFor: string, ingress: readonly object[] = []) =>
    policy(
      "a",
      "p",
      { podSelector: { matchLabels: { app: "two" } }, policyTypes: ["Ingress"], ingress },
      "MultiNetworkPolicy",
      { "k8s.v1.cni.cncf.io/policy-for": policyFor },
    );
  const reached = (written: readonly object[]) => {
    const { model } = world(written, both);
    const flow = computeFlows(model).secondary.find(
      (one) =>
        one.from.type === "node" &&
        listWorkloadIds(one.from.node).includes("Deployment a/one") &&
        one.to.type === "node" &&
        listWorkloadIds(one.to.node).includes("Deployment a/two"),
    );
    return flow ? formatServices(flow.sent.services) : [];
  };

  test("holds on the networks that it names, where the plugin is enforced", () => {
    expect(reached([nad("macvlan"), closed("net")])).toEqual([]);
    expect(reached([nad("macvlan"), closed("a/net")])).toEqual([]);
    expect(reached([nad("macvlan"), closed("a/other, net")])).toEqual([]);
    expect(reached([nad("macvlan"), closed("b/net")])).toEqual(["everything"]);
    expect(reached([nad("bridge"), closed("net")])).toEqual(["everything"]);
  });

  test("resolves selectors to addresses on its own networks only", () => {
    const by = (selector: object) =>
      closed("net", [{ from: [{ podSelector: selector }], ports: [{ protocol: "TCP", port: 1 }] }]);
    expect(reached([nad("macvlan"), by({ matchLabels: { app: "one" } })])).toEqual(["tcp/1"]);
    // Pods that are alike get their addresses from one pool: any of them may have any.
    expect(reached([nad("macvlan"), by({ matchLabels: { app: "nobody" } })])).toEqual([]);
  });
});

test("workloads that nothing tells apart are one, and reach what they would one by one", () => {
  const nad = network("a", "net", { type: "macvlan", master: "bond1.5", ipam: pool("10.0.0.0/24") });
  const alike = [pod("a", "one", "net"), pod("a", "two", "net"), pod("a", "three", "net")];
  const { model } = world([nad], alike);
  const own = model.nodes.filter((node) => node.type === "workload");
  expect(own.map((node) => [node.id, ...node.alike])).toEqual([
    ["Deployment a/one", "Deployment a/two", "Deployment a/three"],
  ]);
  expect(computeFlows(model).secondary).toHaveLength(1);
  const told = policy("a", "p", { podSelector: { matchLabels: { app: "two" } }, policyTypes: ["Egress"] });
  expect(world([nad, told], alike).model.nodes.filter((node) => node.type === "workload")).toHaveLength(2);
});
