import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";

const project = (platform: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - {name: main, platform: {multiNetworkPolicy: {plugins: [macvlan, bridge], acceptIcmp6: true}, adminPolicy: ClusterNetworkPolicy, ${platform}}}
`;

const intents = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, interface: enp129s0f0np0, vlanInterface: "v{vlan}", vlans: ["500-519"]}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: aa}
spec:
  namespaces: [aa]
  network: {separation: vlan, uplink: data, vlan: 510, attach: bridge, subnets: [10.10.0.0/24]}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: bb}
spec:
  namespaces: [bb]
  network: {separation: vlan, uplink: data, vlan: 511, attach: bridge, subnets: [10.11.0.0/24]}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: cc}
spec:
  namespaces: [cc]
  network: {separation: vlan, uplink: data, vlan: 512, subnets: [10.12.0.0/24]}
`;

const workload = (namespace: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, image: "registry.example.com/app:1.0"}]}
`;

function inputsOf(change: (text: string) => string = (text) => text, platform = "nmstate: true"): Inputs {
  return {
    project: { path: "plumbline.yaml", text: project(platform) },
    intents: [{ path: "intents/all.yaml", text: change(intents) }],
    workloads: ["aa", "bb", "cc"].map((namespace) => ({
      file: { path: `workloads/${namespace}.yaml`, text: workload(namespace) },
      namespace: undefined,
    })),
    lock: undefined,
    templates: [],
  };
}

const inputs = inputsOf();
const compiled = compile(inputs);
const known: ClusterKnowledge = {
  plan: compiled.plans[0] as ClusterKnowledge["plan"],
  instances: compiled.instances.get("main") ?? [],
};
const files: readonly SourceFile[] = [...(compiled.files ?? [])].flatMap(({ path, text }) =>
  path.startsWith("main/") ? [{ path: path.slice("main/".length), text }] : [],
);

function codesAfter(path: string, edit: (text: string) => string, workloads = inputs.workloads): readonly string[] {
  let changed = false;
  const edited = files.map((file) => {
    if (file.path !== path) return file;
    const text = edit(file.text);
    changed = text !== file.text;
    return { ...file, text };
  });
  expect(changed, "it changes something").toBe(true);
  return [...new Set(verifyCluster(known, edited, workloads).diagnostics.map((one) => one.code))];
}

test("links of nodes are named by `vlanInterface`, and verified as they are written", () => {
  expect(compiled.diagnostics.map((one) => one.message)).toEqual([]);
  const text = files.map((file) => file.text).join("\n");
  expect(text).toContain("name: v510\n");
  expect(text).toContain("name: v511\n");
  expect(verifyCluster(known, files, inputs.workloads).diagnostics).toEqual([]);
});

const tampered: Readonly<Record<string, readonly [path: string, edit: (text: string) => string]>> = {
  "a VLAN has another id": ["zones/aa.yaml", (text) => text.replace("id: 510", "id: 511")],
  "a VLAN sits on another link": [
    "zones/aa.yaml",
    (text) => text.replace("base-iface: enp129s0f0np0", "base-iface: eth9"),
  ],
  "the link of a macvlan is another VLAN": ["zones/cc.yaml", (text) => text.replace("id: 512", "id: 510")],
  "two VLANs have one name": ["zones/bb.yaml", (text) => text.replaceAll("name: v511", "name: v510")],
  "a bridge has the port of another zone": ["zones/bb.yaml", (text) => text.replace("- name: v511", "- name: v510")],
  "a bridge has two ports": [
    "zones/aa.yaml",
    (text) => text.replace(/^( *)- name: v510$(?![\s\S]*^ *- name: v510$)/m, "$1- name: v510\n$1- name: v511"),
  ],
  "a bridge has no port": ["zones/aa.yaml", (text) => text.replace(/port:\n\s+- name: v510\n/, "port: []\n")],
  "a node may have an IPv6 address": [
    "zones/aa.yaml",
    (text) => text.replace(/ipv6:\n( *)enabled: false/, "ipv6:\n$1enabled: true"),
  ],
  "IPv6 is not said": ["zones/cc.yaml", (text) => text.replace(/^( *)ipv6:\n(?:\1 +.*\n)+/m, "")],
  "a node has an address": [
    "zones/aa.yaml",
    (text) =>
      text.replace(
        /ipv4:\n( *)enabled: false/,
        "ipv4:\n$1enabled: true\n$1address: [{ip: 10.10.0.9, prefix-length: 24}]",
      ),
  ],
  "a link is down": ["zones/cc.yaml", (text) => text.replace("state: up", "state: down")],
  "no policy makes the link": [
    "zones/cc.yaml",
    (text) => text.replace(/^---\napiVersion: nmstate[\s\S]*?(?=^---)/m, ""),
  ],
};

for (const [name, [path, edit]] of Object.entries(tampered))
  test(`noticed: ${name}`, () => expect(codesAfter(path, edit)).toContain("verify/node-link"));

test("a policy of somebody else that gives the node an address on a zone's link is noticed", () => {
  const text = `apiVersion: nmstate.io/v1
kind: NodeNetworkConfigurationPolicy
metadata: {name: by-hand}
spec:
  desiredState:
    interfaces:
      - {name: v510, type: vlan, state: up, vlan: {base-iface: enp129s0f0np0, id: 510}, ipv4: {enabled: true, dhcp: true}, ipv6: {enabled: false}}
`;
  const workloads = [...inputs.workloads, { file: { path: "workloads/nodes.yaml", text }, namespace: undefined }];
  const { diagnostics } = verifyCluster(known, files, workloads);
  expect(diagnostics.map((one) => one.code)).toEqual(["verify/node-link"]);
});

test("a name that Linux refuses is refused, never cut", () => {
  const long = inputsOf((text) => text.replace('vlanInterface: "v{vlan}", ', ""));
  const codes = compile(long).diagnostics.map((one) => one.code);
  expect(new Set(codes)).toEqual(new Set(["network/interface-too-long"]));
  const bridge = inputsOf((text) =>
    text
      .replace("separation: vlan, uplink: data, vlan: 510", "separation: physical, uplink: spare")
      .replace("  uplinks:\n", "  uplinks:\n    - {name: spare, interface: enp129s0f1np1}\n"),
  );
  expect(compile(bridge).diagnostics.map((one) => one.message)).toContain(
    "the link `br-enp129s0f1np1` has more than 15 characters",
  );
});

test("two VLANs never share a link, whatever uplinks and names they have", () => {
  const second = '    - {name: other, interface: eno2, vlanInterface: "v{vlan}", vlans: ["500-519"]}\n';
  const two = (pattern: string, vlan: number) =>
    inputsOf((text) =>
      text
        .replace("  uplinks:\n", `  uplinks:\n${second.replace("v{vlan}", pattern)}`)
        .replace("uplink: data, vlan: 511", `uplink: other, vlan: ${vlan}`),
    );
  const codes = (one: Inputs) => [...new Set(compile(one).diagnostics.map((found) => found.code))];
  expect(codes(two("v{vlan}", 510)), "the links and the bridges").toEqual(["network/same-link"]);
  expect(codes(two("w{vlan}", 510)), "the bridges alone").toEqual(["network/same-link"]);
  expect(codes(two("v{vlan}", 512)), "a macvlan and the port of a bridge").toEqual(["network/same-link"]);
  expect(codes(two("eno2", 513)), "a pattern without the VLAN").toContain("fabric/bad-vlan-interface");
  expect(codes(two("w{vlan}", 513))).toEqual([]);
  const uplink = inputsOf((text) => text.replace("  uplinks:\n", "  uplinks:\n    - {name: spare, interface: v510}\n"));
  expect(codes(uplink), "the interface of an uplink").toEqual(["network/same-link"]);
});

const ofTheNode = (interfaces: string) => ({
  file: {
    path: "workloads/node.yaml",
    text: `apiVersion: nmstate.io/v1
kind: NodeNetworkConfigurationPolicy
metadata: {name: storage}
spec: {desiredState: {interfaces: ${interfaces}}}
`,
  },
  namespace: undefined,
});

test.each([
  ["a VLAN by another name", "[{name: s0, type: vlan, state: up, vlan: {base-iface: enp129s0f0np0, id: 512}}]"],
  [
    "a VLAN of a bridge with the uplink as its port",
    "[{name: br9, type: linux-bridge, state: up, ipv4: {enabled: false}, ipv6: {enabled: false}, bridge: {port: [{name: enp129s0f0np0}]}}, {name: s0, type: vlan, state: up, vlan: {base-iface: br9, id: 512}}]",
  ],
  [
    "a macvlan above the zone's link",
    "[{name: s0, type: mac-vlan, state: up, mac-vlan: {base-iface: v512, mode: bridge}}]",
  ],
  [
    "a macvlan above the zone's bridge",
    "[{name: s0, type: mac-vlan, state: up, mac-vlan: {base-iface: br-510, mode: bridge}}]",
  ],
])("a node's own link on the wire of a zone, %s, may have no address", (_what, interfaces) => {
  const codes = (text: string) =>
    verifyCluster(known, files, [...inputs.workloads, ofTheNode(text)]).diagnostics.map((one) => one.code);
  expect(codes(interfaces)).toContain("verify/node-link");
  const closed = interfaces.replace("{name: s0,", "{name: s0, ipv4: {enabled: false}, ipv6: {enabled: false},");
  // A second link of one VLAN is a finding by itself.
  if (!interfaces.includes("type: vlan")) expect(codes(closed)).toEqual([]);
  const elsewhere = interfaces.replaceAll(/enp129s0f0np0|v512|br-510/g, "eth7");
  expect(codes(elsewhere)).toEqual([]);
});
