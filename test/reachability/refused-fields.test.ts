import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { pageInputs } from "../page-project.ts";
import { knownOf } from "./example.ts";

const fabric = (uplink: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, ${uplink}, vlans: ["100-199"]}
    - {name: spare, interface: bond9}
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
`;

const project = (plugin: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - name: main
      platform:
        multiNetworkPolicy: {plugins: [${plugin}], acceptIcmp6: true}
        adminPolicy: ClusterNetworkPolicy
---
`;

/** What is said of a network after a hand changed what compile wrote. */
function written(plugin: string, uplink: string) {
  const inputs = pageInputs(project(plugin) + fabric(uplink));
  const known = knownOf(inputs).get("main") as ClusterKnowledge;
  const { files } = compile(inputs);
  const out: readonly SourceFile[] = files.map((one) => ({ path: `out/${one.path}`, text: one.text }));
  return (edit: (first: Record<string, unknown>, chain: Record<string, unknown>[]) => void): readonly string[] => {
    let changed = 0;
    const after = out.map((file) => {
      const text = file.text.replace(
        /^( +)config: \|-?\n((?:\1 +.*\n|\n)+)/gm,
        (whole, indent: string, json: string) => {
          const config = JSON.parse(json) as Record<string, unknown>;
          const plugins = (config.plugins ?? [config]) as Record<string, unknown>[];
          if (plugins[0]?.type !== plugin) return whole;
          edit(plugins[0], plugins);
          changed++;
          return `${indent}config: '${JSON.stringify(config)}'\n`;
        },
      );
      return { ...file, text };
    });
    expect(changed).toBeGreaterThan(0);
    const { diagnostics } = verifyCluster(known, after, inputs.workloads);
    return [...new Set(diagnostics.map((one) => one.code))];
  };
}

const REFUSED = "verify/refused-field";
const macvlan = written("macvlan", "interface: bond1");
const bridge = written("bridge", "bridge: br0, attach: bridge");
const sriov = written("sriov", "interface: bond1, attach: sriov, resourceName: example.com/nic");

test("what compile wrote has no refused field", () => {
  for (const one of [macvlan, bridge, sriov]) expect(one(() => undefined)).not.toContain(REFUSED);
});

test.each([
  ["isGateway", true],
  ["isDefaultGateway", true],
  ["ipMasq", true],
  ["preserveDefaultVlan", true],
  ["preserveDefaultVlan", undefined],
  ["portIsolation", true],
  ["disableContainerInterface", true],
  ["newField", "x"],
])("bridge: %s %s", (key, value) => {
  expect(
    bridge((first) => {
      if (value === undefined) delete first[key];
      else first[key] = value;
    }),
  ).toContain(REFUSED);
});

test.each([
  ["mode", "private"],
  ["linkInContainer", true],
  ["newField", 1],
])("macvlan: %s %s", (key, value) => {
  expect(macvlan((first) => Object.assign(first, { [key]: value }))).toContain(REFUSED);
});

test.each([
  ["trust", "on"],
  ["spoofchk", "off"],
  ["link_state", "disable"],
  ["deviceID", "0000:03:02.0"],
])("sriov: %s %s", (key, value) => {
  expect(sriov((first) => Object.assign(first, { [key]: value }))).toContain(REFUSED);
});

test.each([
  ["net.ipv4.conf.IFNAME.proxy_arp", "1"],
  ["net.ipv6.conf.IFNAME.accept_ra", "2"],
  ["net.ipv4.conf.IFNAME.unknown_to_all", "1"],
])("tuning: %s = %s", (key, value) => {
  expect(
    macvlan((_first, chain) => {
      const tuning = chain.find((one) => one.type === "tuning");
      Object.assign(tuning?.sysctl as object, { [key]: value });
    }),
  ).toContain(REFUSED);
});
