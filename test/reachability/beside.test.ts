import { describe, expect, test } from "vitest";
import { parseKnownCidr } from "../../src/net/cidr.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";

const inputs = exampleInputs();
const known = knownOf(inputs).get("east") as ClusterKnowledge;
const files = clusterFiles(readFolder(ROOT, "out/east"), "east");

/** What verify says of the example with more manifests among its workloads, beyond what it says anyway. */
function saysWith(...objects: readonly object[]): readonly string[] {
  return saysOf(known, ...objects);
}

function saysOf(known: ClusterKnowledge, ...objects: readonly object[]): readonly string[] {
  const text = objects.map((one) => JSON.stringify(one)).join("\n---\n");
  const more = objects.length === 0 ? [] : [{ file: { path: "workloads/more.yaml", text }, namespace: undefined }];
  return verifyCluster(known, files, [...inputs.workloads, ...more]).diagnostics.map(
    ({ code, message }) => `${code} ${message}`,
  );
}

const nad = (name: string, config: unknown, namespace = "tools") => ({
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  metadata: { name, namespace },
  spec: { config: typeof config === "string" ? config : JSON.stringify(config) },
});

test("the example alone is fine", () => {
  expect(saysWith()).toEqual([]);
});

describe("objects of the output that a manifest writes in another way", () => {
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    spec: { podSelector: {}, ingress: [{}] },
  };
  test.each([
    [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "edge-rules", namespace: "fw-edge" },
        data: { "rules.nft": "" },
      },
    ],
    [nad("zone-pci", { type: "macvlan", master: "bond1.175", mode: "bridge" }, "payments")],
    [{ ...policy, metadata: { name: "zone-pci-default-deny", namespace: "payments" } }],
    [
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicyBinding",
        metadata: { name: "plumbline-zone-corp" },
        spec: { policyName: "nope", validationActions: ["Audit"] },
      },
    ],
  ])("%j", (object) => {
    expect(saysWith(object).join("\n")).toMatch(/^verify\/twice-applied .* is among the workloads too/m);
  });
});

describe("networks of others that cannot be read", () => {
  test.each([
    ["keys in another case", { Type: "macvlan", Master: "bond1.110" }],
    ["a trunk in another case", { type: "bridge", bridge: "br0", VlanTrunk: [{ minID: 1, maxID: 4094 }] }],
    ["ids in another case", { type: "bridge", bridge: "br0", vlanTrunk: [{ MinID: 1, maxID: 4094 }] }],
    ["one key twice", '{"type": "macvlan", "master": "bond9", "Master": "bond1.110"}'],
    ["a key twice", '{"type": "macvlan", "master": "bond1.110", "master": "bond9"}'],
    ["a key twice, once escaped", String.raw`{"type": "macvlan", "master": "bond1.110", "m\u0061ster": null}`],
    ["a type that is no text", { type: 1, plugins: [{ type: "macvlan", master: "bond9" }] }],
    ["no JSON", "{"],
    ["no plugin", { plugins: "x" }],
  ])("%s", (_what, config) => {
    expect(saysWith(nad("n1", config))).toEqual([
      expect.stringMatching(
        /^verify\/unread-network NetworkAttachmentDefinition tools\/n1 cannot be read, and is taken/,
      ),
    ]);
  });

  test("a mode that routes: its link is known, and its addresses are not", () => {
    expect(saysWith(nad("n1", { type: "ipvlan", master: "bond1.110", mode: "l3" }))).toEqual([
      expect.stringMatching(/^verify\/unread-network .* cannot be read in full, .* any address on link bond1 vlan 110/),
    ]);
  });
});

describe("a pod of another namespace on the VLAN of a zone", () => {
  const sniffer = (networks: unknown, config: object = { type: "macvlan", master: "bond1.110", mode: "bridge" }) =>
    saysWith(nad("sniff", config), {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "p",
        namespace: "tools",
        annotations: {
          "k8s.v1.cni.cncf.io/networks": typeof networks === "string" ? networks : JSON.stringify(networks),
        },
      },
      spec: { containers: [{ name: "a", image: "a" }] },
    }).join("\n");
  const onZone = sniffer([{ name: "sniff" }]);

  test("is told of", () => expect(onZone).toMatch(/isolationzone\/pci|Pod tools\/p/));

  // Multus takes the pod's own namespace, and the interface's number, where a text is empty.
  test.each([[{ namespace: "" }], [{ namespace: null }], [{ namespace: "", interface: "" }], [{ interface: null }]])(
    "whatever is empty: %j",
    (more) => expect(sniffer([{ name: "sniff", ...more }])).toBe(onZone),
  );

  test("its interface by the old word", () =>
    expect(sniffer([{ name: "sniff", interfaceRequest: "net7" }])).toBe(
      sniffer([{ name: "sniff", interface: "net7" }]),
    ));

  // With a type, Multus does not look at plugins (LoadDelegateNetConf).
  test.each([
    [{ type: "macvlan", master: "bond1.110", mode: "bridge", plugins: [{ type: "macvlan", master: "bond9" }] }],
    [{ type: "", plugins: [{ type: "macvlan", master: "bond1.110", mode: "bridge" }] }],
    [{ type: null, plugins: [{ type: "macvlan", master: "bond1.110", mode: "bridge" }] }],
  ])("by a network of %j", (config) => expect(sniffer([{ name: "sniff" }], config)).toBe(onZone));

  test("by no network of a type beside plugins on it", () => {
    const beside = { plugins: [{ type: "macvlan", master: "bond1.110", mode: "bridge" }] };
    expect(sniffer([{ name: "sniff" }], { type: "macvlan", master: "bond9", ...beside })).toBe("");
  });

  test.each([
    ['[{"name":"zone-pci","namespace":"payments","namespace":null}]', /the key `namespace` of its networks/],
    ['[{"name":"sniff","name":"other"}]', /the key `name` of its networks/],
    ['[{"name":"sniff","namespace":1}]', /`namespace` of an element of its networks is no text/],
    ['[{"name":"sniff","InterfaceRequest":"net1"}]', /the key `InterfaceRequest` of its networks/],
  ])("cannot be read by %s", (networks, why) => expect(sniffer(networks)).toMatch(why));
});

describe("objects that are not read", () => {
  const cilium = (kind: string, spec: object, namespace?: string) => ({
    apiVersion: "cilium.io/v2",
    kind,
    metadata: { name: "p1", ...(namespace !== undefined && { namespace }) },
    spec,
  });
  const calico = (kind: string, spec: object, namespace?: string) => ({
    ...cilium(kind, spec, namespace),
    apiVersion: "projectcalico.org/v3",
  });
  const rule = (resource: string, group = "") => ({
    operations: ["CREATE"],
    apiGroups: [group],
    apiVersions: ["*"],
    resources: [resource],
  });
  const webhook = (rules: object, namespaceSelector = {}) => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "m1" },
    webhooks: [
      { name: "other", rules: [rule("secrets")] },
      { name: "w", rules: [rules], namespaceSelector },
    ],
  });
  const policy = (rules: object, name = "m1") => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicy",
    metadata: { name },
    spec: { matchConstraints: { resourceRules: [rules] } },
  });
  const named = (operator: string, ...values: readonly string[]) => ({
    matchExpressions: [{ key: "kubernetes.io/metadata.name", operator, values }],
  });

  const { zones, namespaces } = known.plan;
  const proved = [...zones.flatMap((one) => one.namespaces), ...namespaces.map((one) => one.name)];

  test.each<[object, RegExp]>([
    [
      cilium("CiliumNetworkPolicy", { endpointSelector: {} }, "payments"),
      /^CiliumNetworkPolicy payments\/p1 .* open or close isolationzone\/pci$/,
    ],
    [cilium("CiliumNetworkPolicy", { endpointSelector: {} }, "fw-edge"), /open or close gateways in fw-edge$/],
    [
      cilium("CiliumClusterwideNetworkPolicy", { endpointSelector: {} }),
      /^CiliumClusterwideNetworkPolicy p1 .* isolationzone/,
    ],
    [
      cilium("CiliumClusterwideNetworkPolicy", {
        endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": "web" } },
      }),
      /isolationzone\/corp$/,
    ],
    [
      cilium("CiliumClusterwideNetworkPolicy", { endpointSelector: {}, nodeSelector: null }),
      /^CiliumClusterwideNetworkPolicy p1 .* open or close isolationzone/,
    ],
    [
      cilium("CiliumLocalRedirectPolicy", { redirectFrontend: { addressMatcher: { ip: "10.10.0.20" } } }, "tools"),
      /^CiliumLocalRedirectPolicy tools\/p1 is not read, and may lead elsewhere what is sent by isolationzone/,
    ],
    [
      cilium(
        "CiliumLocalRedirectPolicy",
        { redirectFrontend: { addressMatcher: null, serviceMatcher: { serviceName: "s" } } },
        "payments",
      ),
      /lead elsewhere what is sent by isolationzone\/pci$/,
    ],
    [webhook(rule("network-attachment-definitions", "k8s.cni.cncf.io")), /change the networks of isolationzone/],
    [webhook(rule("*", "k8s.cni.cncf.io"), named("In", "web")), /change the networks of isolationzone\/corp$/],
    [policy(rule("network-attachment-definitions", "k8s.cni.cncf.io")), /change the networks of isolationzone/],
    [calico("NetworkPolicy", { selector: "all()" }, "payments"), /^NetworkPolicy payments\/p1 is not read/],
    [calico("GlobalNetworkPolicy", { selector: "all()" }), /^GlobalNetworkPolicy p1 is not read/],
    [calico("GlobalNetworkPolicy", { namespaceSelector: "projectcalico.org/name == 'web'" }), /isolationzone\/corp$/],
    [webhook(rule("pods")), /^MutatingWebhookConfiguration m1 is not read, and may change the pods of isolationzone/],
    [webhook(rule("*", "apps")), /change the pods of/],
    [webhook(rule("pods"), named("In", "web", "tools")), /change the pods of isolationzone\/corp$/],
    [webhook(rule("pods"), named("NotIn", "tools")), /change the pods of/],
    [webhook(rule("pods"), { matchLabels: { "istio-injection": "enabled" } }), /change the pods of/],
    [policy(rule("deployments", "apps")), /^MutatingAdmissionPolicy m1 is not read/],
  ])("%j", (object, says) => {
    expect(saysWith(object)).toEqual([expect.stringMatching(/^verify\/unread-object /)]);
    expect(saysWith(object)[0]?.replace(/^\S+ /, "")).toMatch(says);
  });

  test.each([
    cilium("CiliumNetworkPolicy", {}, "tools"),
    cilium("CiliumClusterwideNetworkPolicy", { nodeSelector: {} }),
    cilium("CiliumClusterwideNetworkPolicy", {
      endpointSelector: { matchLabels: { "io.kubernetes.pod.namespace": "tools" } },
    }),
    cilium("CiliumLoadBalancerIPPool", {}),
    cilium("CiliumLocalRedirectPolicy", { redirectFrontend: { serviceMatcher: { serviceName: "s" } } }, "tools"),
    calico("NetworkPolicy", {}, "tools"),
    calico("GlobalNetworkPolicy", { namespaceSelector: 'kubernetes.io/metadata.name == "tools"' }),
    calico("StagedNetworkPolicy", {}, "payments"),
    webhook(rule("services")),
    webhook({ ...rule("pods"), operations: ["DELETE"] }),
    webhook(rule("pods"), named("In", "tools")),
    webhook(rule("pods"), named("NotIn", ...proved)),
    policy(rule("secrets")),
  ])("nothing of %j", (object) => expect(saysWith(object).filter((one) => /unread-object/.test(one))).toEqual([]));

  test("a webhook on policies of networks may weaken them", () => {
    const [found] = saysWith(webhook(rule("multi-networkpolicies", "k8s.cni.cncf.io")));
    expect(found).toMatch(/^verify\/unread-object .* may change the policies of isolationzone/);
  });
});

describe("Services that take addresses of others", () => {
  const service = (...externalIPs: readonly string[]) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "trap", namespace: "tools" },
    spec: { selector: { app: "trap" }, ports: [{ port: 443 }], externalIPs },
  });

  test.each([
    ["10.10.0.77", "isolationzone/pci"],
    ["fd00:10::77", "isolationzone/pci"],
    ["10.50.0.10", "externalnetwork/mainframe"],
    ["10.60.1.2", "externalnetwork/mainframe"],
    ["192.168.77.5", "vpnegress/site1"],
    ["203.0.113.2", "vpnegress/site1"],
    ["192.0.2.10", "the API server"],
    ["10.96.0.1", "the cluster's Services"],
  ])("%s of %s", (address, owner) =>
    expect(saysWith(service("198.18.0.1", address))).toEqual([
      `verify/external-ip Service tools/trap takes ${address} on every node, an address of ${owner}`,
    ]),
  );

  test("each address that is somebody's", () => expect(saysWith(service("10.50.0.10", "10.10.0.20"))).toHaveLength(2));

  const balanced = (spec: object, annotations = {}) => ({
    ...service(),
    metadata: { name: "trap", namespace: "tools", annotations },
    spec: { type: "LoadBalancer", ports: [{ port: 443 }], ...spec },
  });
  test.each([
    balanced({ loadBalancerIP: "10.50.0.10" }),
    balanced({}, { "metallb.universe.tf/loadBalancerIPs": "198.18.0.1, 10.50.0.10" }),
    balanced({}, { "metallb.io/loadBalancerIPs": "10.50.0.10" }),
    balanced({}, { "io.cilium/lb-ipam-ips": "10.50.0.10,198.18.0.1" }),
    balanced({}, { "lbipam.cilium.io/ips": "10.50.0.10" }),
    balanced({}, { "kube-vip.io/loadbalancerIPs": "10.50.0.10" }),
  ])("one that a load balancer is asked for: %j", (object) =>
    expect(saysWith(object)).toEqual([
      "verify/external-ip Service tools/trap takes 10.50.0.10 on every node, an address of externalnetwork/mainframe",
    ]),
  );

  test.each([
    balanced({ loadBalancerIP: "198.18.0.1" }),
    balanced({ type: "ClusterIP", loadBalancerIP: "10.50.0.10" }, { "metallb.io/loadBalancerIPs": "10.50.0.10" }),
    balanced({ loadBalancerIP: "" }, { "kube-vip.io/loadbalancerIPs": "0.0.0.0" }),
  ])("nothing of a load balancer of its own: %j", (object) => expect(saysWith(object)).toEqual([]));

  const slice = (addresses: readonly unknown[], addressType = "IPv4") => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "trap", namespace: "tools" },
    addressType,
    endpoints: [{ addresses: ["198.18.0.1"] }, { addresses }],
  });
  const endpoints = (ip: string) => ({
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "trap", namespace: "tools" },
    subsets: [{ notReadyAddresses: [{ ip }] }],
  });
  // The API server takes each of these for 10.10.0.20, or refuses it.
  test.each([
    [service("010.010.000.020"), "010.010.000.020"],
    [service("198.18.0.1", "::ffff:10.10.0.20"), "::ffff:10.10.0.20"],
    [service("no address"), "no address"],
    [balanced({}, { "metallb.io/loadBalancerIPs": "10.10.0.20-10.10.0.30" }), "10.10.0.20-10.10.0.30"],
    [slice(["010.10.0.20"]), "010.10.0.20"],
    [slice([1]), "1"],
    [endpoints("::ffff:10.10.0.20"), "::ffff:10.10.0.20"],
  ])("what is read as no address: %j", (object, address) =>
    expect(saysWith(object)).toEqual([
      `verify/unread-address ${object.kind} tools/trap is for \`${address}\`, which plumbline does not read as an address: its owner is not known`,
    ]),
  );

  test("names behind a Service are no addresses", () => expect(saysWith(slice(["example.com"], "FQDN"))).toEqual([]));

  test.each([[[]], [["198.18.0.1", "2001:db8::1"]]])("nothing of %j", (addresses) =>
    expect(saysWith(service(...addresses))).toEqual([]),
  );

  test("an address that is an object with a key `toString`", () => {
    const { spec, ...rest } = service();
    const externalIPs: readonly unknown[] = [{ toString: 1 }, { valueOf: 1, toString: null }];
    const odd = { ...rest, spec: { ...spec, externalIPs } };
    expect(saysWith(odd)).toEqual([
      "verify/unread-address Service tools/trap is for `{…}`, which plumbline does not read as an address: its owner is not known",
    ]);
  });

  test("a node's own address is its own, but for the API server's", () => {
    const { platform } = known.plan.cluster;
    const nodeCidrs = [parseKnownCidr("10.50.0.0/24"), parseKnownCidr("192.0.2.0/24")];
    const nodes = { ...platform, podNetwork: { ...platform.podNetwork, nodeCidrs } };
    const there: ClusterKnowledge = {
      ...known,
      plan: { ...known.plan, cluster: { ...known.plan.cluster, platform: nodes } },
    };
    const said = (address: string) => saysOf(there, service(address)).filter((one) => one.includes("external-ip"));
    expect(said("10.50.0.10")).toEqual([]);
    expect(said("192.0.2.10")).toHaveLength(1);
  });
});
