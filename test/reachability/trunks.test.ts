import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { pageInputs } from "../page-project.ts";

const estate = (network: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, interface: bond1, vlans: ["100-199"]}
    - {name: spare, interface: bond2}
    - {name: bridged, bridge: br0, attach: bridge, vlans: ["100-199"]}
    - {name: switched, interface: ovs1, attach: ovs, vlans: ["100-199"]}
    - {name: direct, interface: bond3, attach: sriov, resourceName: example.com/nic, vlans: ["100-199"]}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: corp}
spec:
  namespaces: [web]
  network: {${network}, subnets: [10.20.0.0/24]}
`;
const onBond = "separation: vlan, uplink: data, vlan: 120";
const onBridge = "separation: vlan, uplink: bridged, vlan: 120";
const onSwitch = "separation: vlan, uplink: switched, vlan: 120";
const onFunction = "separation: vlan, uplink: direct, vlan: 120";

const lan = (config: string, resource = "") => `---
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: lan, namespace: tools${resource && `, annotations: {k8s.v1.cni.cncf.io/resourceName: ${resource}}`}}
spec:
  config: '${config}'
`;

const pod = (context = "{}", kind = "Deployment") => `---
apiVersion: apps/v1
kind: ${kind}
metadata: {name: probe, namespace: tools}
spec:
  selector: {matchLabels: {app: probe}}
  template:
    metadata:
      labels: {app: probe}
      annotations: {k8s.v1.cni.cncf.io/networks: lan}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0", securityContext: ${context}}]
`;

/** What is said of trunks, where nothing else is wrong. */
function said(...parts: readonly string[]): readonly string[] {
  const { diagnostics } = compile(pageInputs(parts.join("")));
  const said = diagnostics.map(({ code, message, severity }) => `${severity} ${code} ${message}`);
  expect(said.filter((one) => /^error (?!verify.trunk)/.test(one))).toEqual([]);
  return said.filter((one) => / verify.trunk/.test(one));
}

test.each([
  ["the uplink itself", onBond, '{"type": "macvlan", "master": "bond1"}'],
  ["the uplink itself, by ipvlan", onBond, '{"type": "ipvlan", "master": "bond1"}'],
  ["the uplink moved into the pod", onBond, '{"type": "host-device", "device": "bond1"}'],
  [
    "the uplink of a bridge",
    "attach: bridge, separation: vlan, uplink: data, vlan: 120",
    '{"type": "macvlan", "master": "bond1"}',
  ],
  ["a trunk of a bridge", onBridge, '{"type": "bridge", "bridge": "br0", "vlanTrunk": [{"minID": 100, "maxID": 130}]}'],
  ["one VLAN of a trunk", onBridge, '{"type": "bridge", "bridge": "br0", "vlanTrunk": [{"id": 7}, {"id": 120}]}'],
  ["a port of no VLAN", onSwitch, '{"type": "ovs", "bridge": "ovs1"}'],
  ["a port whose VLAN is null", onSwitch, '{"type": "ovs", "bridge": "ovs1", "vlan": null}'],
  ["a port with a trunk", onSwitch, '{"type": "ovs", "bridge": "ovs1", "vlan": 7, "trunk": [{"id": 120}]}'],
])("%s", (_what, network, config) => {
  expect(said(estate(network), lan(config), pod())).toEqual([
    expect.stringMatching(
      /^warning verify\/trunk NetworkAttachmentDefinition tools\/lan .* VLAN 120 is that of isolationzone\/corp$/,
    ),
  ]);
});

test("a virtual function of no VLAN", () => {
  const network = lan('{"type": "sriov", "trust": "on"}', "example.com/nic");
  expect(said(estate(onFunction), network, pod())).toEqual([
    expect.stringMatching(/^warning verify\/trunk .* sriov example/),
  ]);
});

test.each([
  ["another uplink", onBond, '{"type": "macvlan", "master": "bond2"}'],
  ["one VLAN of it", onBond, '{"type": "macvlan", "master": "bond1.300"}'],
  ["a VLAN in the pod", onBond, '{"type": "vlan", "master": "bond1", "vlanId": 300}'],
  ["a bridge that tells VLANs apart", onBridge, '{"type": "bridge", "bridge": "br0"}'],
  [
    "a trunk of other VLANs",
    onBridge,
    '{"type": "bridge", "bridge": "br0", "vlanTrunk": [{"minID": 121, "maxID": 130}]}',
  ],
  ["another bridge", onBridge, '{"type": "bridge", "bridge": "br9", "vlanTrunk": [{"minID": 100, "maxID": 130}]}'],
  ["a port of one VLAN", onSwitch, '{"type": "ovs", "bridge": "ovs1", "vlan": 300}'],
])("nothing of %s", (_what, network, config) => {
  expect(said(estate(network), lan(config), pod("{privileged: true}"))).toEqual([]);
});

const whole = lan('{"type": "macvlan", "master": "bond1"}');

test("nothing of a trunk that no pod is on", () => expect(said(estate(onBond), whole)).toEqual([]));

test.each([
  "{privileged: true}",
  "{capabilities: {add: [CHOWN, cap_net_admin]}}",
  "{capabilities: {add: [NET_RAW]}}",
  "{capabilities: {add: [ALL]}}",
])("a pod that can tag frames: %s", (context) => {
  expect(said(estate(onBond), whole, pod(context))).toEqual([
    expect.stringMatching(
      /^error verify\/trunk-taken Deployment tools\/probe has `.*VLAN 1[12]0 of isolationzone\/(pci|corp)$/,
    ),
  ]);
});

test("a zone under audit, and a network as it was before: nobody holds those yet", () => {
  const one = estate(onBond).replace(/ {4}- \{name: (spare|bridged|switched|direct).*\n/g, "");
  const audited = one.replace("subnets: [10.20.0.0/24]}", "subnets: [10.20.0.0/24]}\n  enforcement: audit");
  const pci = `---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: pci}
spec:
  namespaces: [payments]
  enforcement: audit
  network: {separation: vlan, uplink: data, vlan: 110, subnets: [10.10.0.0/24]}
---
apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata: {name: mainframe}
spec:
  network:
    {uplink: data, vlan: 150, subnets: [10.50.0.0/24], pods: [10.50.0.0/24], existing: {objects: [{namespace: tools, name: was}]}}
`;
  const was = whole
    .replace("lan,", "was,")
    .replace('"bond1"', '"bond1.150", "ipam": {"type": "whereabouts", "range": "10.50.0.0/24"}');
  expect(said(audited, whole, pci, was, pod("{privileged: true}"))).toEqual([
    expect.stringMatching(/^warning verify\/trunk NetworkAttachmentDefinition tools\/lan /),
  ]);
  expect(said(one, whole, pci, was, pod("{privileged: true}"))).toEqual([
    expect.stringMatching(/^error verify\/trunk-taken .* VLAN 120 of isolationzone\/corp$/),
  ]);
});

test("nothing of an untagged network that an intent asks for", () => {
  const untagged = `---
apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata: {name: mainframe}
spec:
  network: {separation: shared, uplink: data, subnets: [10.50.0.0/24], pods: [10.50.0.128/25]}
  gateway: 10.50.0.254
  members: [{workload: {kind: Deployment, namespace: tools, name: probe}}]
`;
  expect(said(estate(onBond), untagged, pod("{privileged: true}").replace(/ *annotations.*\n/, ""))).toEqual([]);
});

test("nothing of a gateway that somebody else builds, but of other pods there", () => {
  const pair = `---
apiVersion: plumbline.dev/v1alpha1
kind: FirewallPair
metadata: {name: edge}
spec:
  namespace: fw-edge
  legs:
    - {name: inside, zone: corp}
    - {name: outside, zone: pci}
  rules:
    - {name: web, from: {zone: corp}, to: {zone: pci}, ports: [tcp/8443]}
  availability: {mode: single}
  adopt: [{namespace: fw-edge, kind: StatefulSet, name: fw-a}]
`;
  const vendor = pod("{privileged: true}", "StatefulSet")
    .replaceAll("probe", "fw-a")
    .replace("namespace: tools", "namespace: fw-edge")
    .replace("networks: lan", "networks: tools/lan@trunk0");
  expect(said(estate(onBond), whole, pair, vendor)).toEqual([]);
  expect(said(estate(onBond), whole, pair, vendor, pod("{privileged: true}"))).toEqual([
    expect.stringMatching(/^error verify\/trunk-taken Deployment tools\/probe has /),
  ]);
});

test("the uplink as a device that a pod claims", () => {
  const claim = (device: string) => `---
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: lan, namespace: tools}
spec:
  spec:
    devices:
      requests:
        - name: nic
          exactly:
            deviceClassName: dranet
            selectors:
              - cel: {expression: 'has(device.attributes["dra.net"].ifName) && device.attributes["dra.net"].ifName == "${device}"'}
      config: [{opaque: {driver: dra.net, parameters: {interface: {name: net1}}}}]
`;
  const claiming = pod()
    .replace(/ *annotations.*\n/, "")
    .replace("containers:", "resourceClaims: [{name: lan, resourceClaimTemplateName: lan}]\n      containers:");
  expect(said(estate(onBond), claim("bond1"), claiming)).toEqual([
    expect.stringMatching(/^warning verify\/trunk ResourceClaimTemplate tools\/lan .* isolationzone\//),
  ]);
  expect(said(estate(onBond), claim("bond1.300"), claiming)).toEqual([]);
});

test("a virtual machine, whose guest can tag any VLAN of the trunk", () => {
  const machine = `---
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: probe, namespace: tools}
spec:
  template:
    spec:
      domain: {devices: {interfaces: [{name: lan, bridge: {}}]}}
      networks: [{name: lan, multus: {networkName: lan}}]
`;
  expect(said(estate(onBond), whole, machine)).toEqual([
    expect.stringMatching(/^error verify\/trunk-taken VirtualMachine tools\/probe has a guest of its own on the trunk/),
  ]);
});
