import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Zones on one uplink at most: VLAN ids end at 4094. */
const PER_UPLINK = 4000;

/** `mixed`: an estate, about three objects an intent. `zones`: nothing but zones, each with a workload: eight objects each. */
export type Mixture = "mixed" | "zones";

/** What fifty intents of an estate are: the rest are expectations, its tests. */
const OF_FIFTY = { zones: 18, pairs: 2, externals: 2 };

const head = (kind: string, name: string) =>
  `apiVersion: plumbline.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n`;

/** The folder of a project of so many intents, each in a file of its own; workloads in others. */
export function writeProject(root: string, count: number, mixture: Mixture): void {
  for (const folder of ["intents", "workloads"]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(
    join(root, "plumbline.yaml"),
    `${head("Project", "bench")}  clusters:\n    - name: main\n      platform:\n        multiNetworkPolicy: {plugins: [macvlan]}\n`,
  );
  const groups = Math.ceil(count / 50);
  const zones = mixture === "zones" ? count : groups * OF_FIFTY.zones;
  writeFileSync(join(root, "intents/fabric.yaml"), fabric(zones));
  for (let index = 0; index < zones; index++) writeZone(root, index);
  if (mixture === "zones") return;
  for (let group = 0; group < groups; group++) {
    const first = group * OF_FIFTY.zones;
    for (let index = 0; index < OF_FIFTY.externals; index++) writeExternal(root, group * OF_FIFTY.externals + index);
    for (let index = 0; index < OF_FIFTY.pairs; index++) writePair(root, group, index);
    const others = 50 - OF_FIFTY.zones - OF_FIFTY.pairs - OF_FIFTY.externals;
    for (let index = 0; index < others; index++)
      writeExpectation(root, `expect-${group}-${index}`, first + (index % 18), first + ((index * 5 + 3) % 18));
  }
}

/** The text of a zone's intent; another MTU is a change. */
export function zoneText(index: number, mtu?: number): string {
  const uplink = `u${Math.floor(index / PER_UPLINK)}`;
  const size = mtu === undefined ? "" : `    mtu: ${mtu}\n`;
  return `${head("IsolationZone", `zone-${index}`)}  namespaces: [ns-${index}]\n  network:\n    separation: vlan\n    uplink: ${uplink}\n${size}  podNetwork:\n    sameZone: false\n`;
}

function writeZone(root: string, index: number): void {
  writeFileSync(join(root, `intents/zone-${index}.yaml`), zoneText(index));
  writeFileSync(join(root, `workloads/zone-${index}.yaml`), workloadText(index));
}

/** The Deployment of a zone, as it stands before anything is patched. */
export function workloadText(index: number): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\n  namespace: ns-${index}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: app\n  template:\n    metadata:\n      labels:\n        app: app\n    spec:\n      containers:\n        - name: main\n          image: registry.example.com/app:1.0\n`;
}

function fabric(zones: number): string {
  const uplinks = Math.ceil(zones / PER_UPLINK);
  const links = Array.from(
    { length: uplinks },
    (_none, index) => `    - {name: u${index}, interface: bond${index}, vlans: ["2-4094"]}\n`,
  );
  const old = Array.from(
    { length: 8 },
    (_none, index) => `    - {name: x${index}, interface: eno${index}, vlans: ["2-4094"]}\n`,
  );
  return `${head("Fabric", "dc1")}  clusters: [main]\n  uplinks:\n${links.join("")}${old.join("")}  pools:\n    - {name: zones, cidr: 11.0.0.0/8, prefixLength: 26}\n`;
}

function writeExternal(root: string, index: number): void {
  const subnet = `12.${index >> 8}.${index & 255}`;
  const text = `${head("ExternalNetwork", `external-${index}`)}  network:\n    uplink: x${Math.floor(index / PER_UPLINK)}\n    vlan: ${2 + (index % PER_UPLINK)}\n    subnets: [${subnet}.0/24]\n    pods: [${subnet}.128/25]\n  gateway: ${subnet}.1\n  hosts:\n    - {name: host, addresses: [${subnet}.10]}\n`;
  writeFileSync(join(root, `intents/external-${index}.yaml`), text);
}

/** The first pair of a group joins two zones, the second a zone and what was there before Kubernetes. */
function writePair(root: string, group: number, index: number): void {
  const name = `pair-${group}-${index}`;
  const inside = `zone-${group * OF_FIFTY.zones + index * 2}`;
  const far =
    index === 0 ? `zone: zone-${group * OF_FIFTY.zones + 1}` : `external: external-${group * OF_FIFTY.externals}`;
  const nat = index === 0 ? "" : ", nat: virtualAddress";
  const text = `${head("FirewallPair", name)}  namespace: fw-${group}-${index}\n  legs:\n    - {name: inside, zone: ${inside}}\n    - {name: outside, ${far}${nat}}\n  rules:\n    - {name: web, from: {zone: ${inside}}, to: {${far}}, ports: [tcp/8443]}\n  image: registry.example.com/netfw@sha256:${"7d".repeat(32)}\n`;
  writeFileSync(join(root, `intents/${name}.yaml`), text);
}

function writeExpectation(root: string, name: string, from: number, to: number): void {
  const other = from === to ? to + 1 : to;
  const text = `${head("Expectation", name)}  checks:\n    - {from: {zone: zone-${from}}, to: {zone: zone-${other}}, ports: [tcp/22], expect: denied}\n`;
  writeFileSync(join(root, `intents/${name}.yaml`), text);
}
