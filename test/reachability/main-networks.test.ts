import { describe, expect, test } from "vitest";
import { computeFlows } from "../../src/verify/dataplane/compute-flows.ts";
import { formatAddressSet } from "../../src/verify/headerspace/address-set.ts";
import { formatServices } from "../../src/verify/headerspace/service-set.ts";
import { pod, policy, world } from "./world.ts";

const LABEL = { "k8s.ovn.org/primary-user-defined-network": "" };
const pods = [pod("a", "one", ""), pod("b", "two", ""), pod("c", "three", "")];

const namespace = (name: string, labels: object = LABEL) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels },
});
const layer2 = (cidr: string, extra: object = {}) => ({
  topology: "Layer2",
  layer2: { role: "Primary", subnets: [cidr], ...extra },
});
const ofNamespace = (name: string, spec: object) => ({
  apiVersion: "k8s.ovn.org/v1",
  kind: "UserDefinedNetwork",
  metadata: { name: "main", namespace: name },
  spec,
});
const ofCluster = (name: string, namespaceSelector: object, network: object) => ({
  apiVersion: "k8s.ovn.org/v1",
  kind: "ClusterUserDefinedNetwork",
  metadata: { name },
  spec: { namespaceSelector, network },
});
const named = (...values: string[]) => ({
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }],
});
const firewall = (name: string, ...egress: object[]) => ({
  apiVersion: "k8s.ovn.org/v1",
  kind: "EgressFirewall",
  metadata: { name: "default", namespace: name },
  spec: { egress },
});

function flows(written: readonly object[], workloads: readonly object[] = pods) {
  const { model, diagnostics } = world(written, workloads);
  expect(diagnostics.filter((one) => one.severity === "error")).toEqual([]);
  return computeFlows(model);
}

/** Who of the three reaches whom, as `a>b`. */
function reached(written: readonly object[], workloads?: readonly object[]): string {
  const ids = new Set(["a", "b", "c"]);
  const pairs = flows(written, workloads).primary.flatMap(({ from, to }) =>
    from.nodes.flatMap((one) => to.nodes.map((other) => [one, other] as const)),
  );
  const words = pairs
    .filter(([one, other]) => one !== other && [one, other].every((node) => node.pod && ids.has(node.namespace)))
    .map(([one, other]) => `${one.namespace}>${other.namespace}`);
  return [...new Set(words)].sort().join(" ");
}

const everybody = "a>b a>c b>a b>c c>a c>b";

describe("a network in the default one's place", () => {
  test("its pods reach each other, and nobody of another main network", () => {
    const both = [namespace("a"), namespace("b")];
    expect(reached([])).toBe(everybody);
    expect(reached([...both, ofCluster("ab", named("a", "b"), layer2("10.40.0.0/24"))])).toBe("a>b b>a");
    const each = ["a", "b"].map((name) => ofNamespace(name, layer2("10.40.0.0/24")));
    expect(reached([...both, ...each])).toBe("");
    const routed = {
      topology: "Layer3",
      layer3: { role: "Primary", subnets: [{ cidr: "10.40.0.0/16", hostSubnet: 24 }] },
    };
    expect(reached([...both, ofCluster("ab", named("a", "b"), routed)])).toBe("a>b b>a");
  });

  test("without the label the pods stay where they are, and a secondary network takes nobody away", () => {
    const network = ofCluster("ab", named("a", "b"), layer2("10.40.0.0/24"));
    expect(reached([namespace("a", {}), namespace("b", {}), network])).toBe(everybody);
    expect(reached([namespace("a"), namespace("b", {}), network])).toBe("b>c c>b");
    const secondary = layer2("10.40.0.0/24", { role: "Secondary" });
    expect(reached([namespace("a"), namespace("b"), ofCluster("ab", named("a", "b"), secondary)])).toBe(everybody);
  });

  test("an empty selector takes every namespace that has the label", () => {
    const all = ["a", "b", "c"].map((name) => namespace(name));
    expect(reached([...all, ofCluster("all", {}, layer2("10.40.0.0/24"))])).toBe(everybody);
    expect(reached([namespace("a"), namespace("b"), ofCluster("all", {}, layer2("10.40.0.0/24"))])).toBe("a>b b>a");
  });

  test("policies hold inside it, by its own addresses", () => {
    const ground = [namespace("a"), namespace("b"), ofCluster("ab", named("a", "b"), layer2("10.40.0.0/24"))];
    const from = (cidr: string) => policy("b", "in", { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }] }] });
    expect(reached([...ground, from("10.40.0.0/24")])).toBe("a>b b>a");
    expect(reached([...ground, from("10.244.0.0/16")])).toBe("b>a");
  });

  test("open default ports let the default network in, and only there", () => {
    const { spec, ...two } = pod("b", "two", "");
    const annotations = { "k8s.ovn.org/open-default-ports": "- {protocol: tcp, port: 80}" };
    const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations } };
    const opened = { ...two, spec: { template } };
    const ground = [
      namespace("a"),
      namespace("b"),
      ...["a", "b"].map((name) => ofNamespace(name, layer2("10.40.0.0/24"))),
    ];
    expect(reached(ground, [pods[0] as object, opened, pods[2] as object])).toBe("c>b");
  });
});

describe("the resolver from a main network", () => {
  const ground = [namespace("a"), ofNamespace("a", layer2("10.40.0.0/24"))];
  const asked = (written: readonly object[]) => {
    const flow = flows([...ground, ...written]).primary.find(
      ({ from, to }) =>
        from.nodes.some((node) => node.pod?.namespace === "a") && to.nodes.some((one) => one.type === "resolver"),
    );
    return flow ? formatServices(flow.services).join(" ") : "";
  };
  const out = (to: object, port = 53) =>
    policy("a", "out", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [to], ports: [{ protocol: "UDP", port }] }],
    });

  test("is reached by its Service's address and port, and never by its pods", () => {
    expect(asked([])).toBe("tcp/53 udp/53");
    expect(asked([out({ ipBlock: { cidr: "10.96.0.0/12" } })])).toBe("udp/53");
    expect(asked([out({ ipBlock: { cidr: "10.96.0.0/12" } }, 54)])).toBe("");
    expect(asked([out({ namespaceSelector: {}, podSelector: {} })])).toBe("");
  });

  test("is behind the firewall of the namespace, too", () => {
    const deny = { type: "Deny", to: { cidrSelector: "0.0.0.0/0" } };
    expect(asked([firewall("a", deny)])).toBe("");
    const allow = { type: "Allow", to: { cidrSelector: "10.96.0.0/12" }, ports: [{ protocol: "UDP", port: 53 }] };
    expect(asked([firewall("a", allow, deny)])).toBe("udp/53");
  });
});

describe("EgressFirewall", () => {
  const rule = (type: string, cidrSelector: string, ...ports: number[]) => ({
    type,
    to: { cidrSelector },
    ...(ports.length > 0 && { ports: ports.map((port) => ({ protocol: "TCP", port })) }),
  });
  const out = (...egress: object[]) =>
    flows([firewall("a", ...egress)])
      .outside.filter(
        ({ nodes, direction, family }) =>
          nodes.some(({ id }) => id === "Deployment a/one") && direction === "egress" && family === 4,
      )
      .map(({ addresses, services }) => `${formatAddressSet(addresses)} ${formatServices(services).join(" ")}`)
      .sort();

  test("the first rule that matches decides, and what no rule means gets out", () => {
    expect(out(rule("Deny", "0.0.0.0/0"))).toEqual([]);
    expect(out(rule("Allow", "192.0.2.0/24", 443), rule("Deny", "0.0.0.0/0"))).toEqual(["192.0.2.0/24 tcp/443"]);
    expect(out(rule("Deny", "0.0.0.0/0"), rule("Allow", "192.0.2.0/24", 443))).toEqual([]);
    expect(out(rule("Deny", "192.0.2.0/24"))).toHaveLength(1);
    expect(out(rule("Deny", "192.0.2.0/24"))[0]).not.toContain("192.0.2.0");
  });

  test("a rule that the CRD lets through and means nothing is not passed over", () => {
    const read = (one: object) => world([firewall("a", one)], pods).diagnostics.map((found) => found.code);
    expect(read(rule("Denyx", "0.0.0.0/0"))).toEqual(["verify/unreadable"]);
    expect(read({ type: "Deny", to: { cidrSelector: "0.0.0.0/0" }, ports: [{ protocol: "xTCP", port: 1 }] })).toEqual([
      "verify/unreadable",
    ]);
    expect(read({ type: "Allow", to: { dnsName: "example.com" } })).toEqual(["verify/unreadable"]);
    expect(read({ type: "Deny", to: { dnsName: "example.com" } })).toEqual([]);
    const other = { ...firewall("a", rule("Deny", "0.0.0.0/0")), metadata: { name: "other", namespace: "a" } };
    expect(world([other], pods).diagnostics.map((found) => found.code)).toEqual(["verify/policy-not-enforced"]);
  });
});
