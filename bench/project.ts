import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wovenTexts } from "./woven.ts";

/** Zones on one uplink at most: VLAN ids end at 4094. */
const PER_UPLINK = 4000;

/** `mixed`: an estate, about three objects an intent. `zones`: nothing but zones, each with a workload: eight objects each. `woven`: bench/woven.ts. */
export type Mixture = "mixed" | "zones" | "woven";

/** What fifty intents of an estate are: the rest are expectations, its tests. */
const OF_FIFTY = { zones: 18, pairs: 2, externals: 2 };

const head = (kind: string, name: string) =>
  `apiVersion: plumbline.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n`;

/** The folder of a project of so many intents, each in a file of its own; workloads in others. */
export function writeProject(root: string, count: number, mixture: Mixture): void {
  for (const folder of ["intents", "workloads"]) mkdirSync(join(root, folder), { recursive: true });
  for (const [path, text] of projectTexts(count, mixture)) writeFileSync(join(root, path), text);
}

/** The same in memory, by path. */
export function projectTexts(count: number, mixture: Mixture): ReadonlyMap<string, string> {
  if (mixture === "woven") return wovenTexts(count);
  const texts = new Map<string, string>();
  const groups = Math.ceil(count / 50);
  const zones = mixture === "zones" ? count : groups * OF_FIFTY.zones;
  texts.set("plumbline.yaml", PROJECT);
  texts.set("intents/fabric.yaml", fabric(zones));
  for (let index = 0; index < zones; index++) {
    texts.set(`intents/zone-${index}.yaml`, zoneText(index));
    texts.set(`workloads/zone-${index}.yaml`, workloadText(index));
  }
  if (mixture === "mixed") for (let group = 0; group < groups; group++) addOthers(texts, group);
  return texts;
}

const PROJECT = `${head("Project", "bench")}  clusters:
    - name: main
      platform:
        multiNetworkPolicy: {plugins: [macvlan]}
`;

/** What a group of fifty intents has beside its zones. */
function addOthers(texts: Map<string, string>, group: number): void {
  const { zones, pairs, externals } = OF_FIFTY;
  for (let index = 0; index < externals; index++) {
    const number = group * externals + index;
    texts.set(`intents/external-${number}.yaml`, externalText(number));
  }
  for (let index = 0; index < pairs; index++)
    texts.set(`intents/pair-${group}-${index}.yaml`, pairText(`pair-${group}-${index}`, group, index));
  for (let index = 0; index < 50 - zones - pairs - externals; index++) {
    const [from, to] = [index % zones, (index * 5 + 3) % zones];
    const name = `expect-${group}-${index}`;
    texts.set(`intents/${name}.yaml`, expectationText(name, group * zones + from, group * zones + to));
  }
}

/** The text of a zone's intent; another MTU is a change. */
export function zoneText(index: number, mtu?: number): string {
  const uplink = `u${Math.floor(index / PER_UPLINK)}`;
  const size = mtu === undefined ? "" : `    mtu: ${mtu}\n`;
  return `${head("IsolationZone", `zone-${index}`)}  namespaces: [ns-${index}]\n  network:\n    separation: vlan\n    uplink: ${uplink}\n${size}  podNetwork:\n    sameZone: false\n`;
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

function externalText(index: number): string {
  const subnet = `12.${index >> 8}.${index & 255}`;
  return `${head("ExternalNetwork", `external-${index}`)}  network:\n    uplink: x${Math.floor(index / PER_UPLINK)}\n    vlan: ${2 + (index % PER_UPLINK)}\n    subnets: [${subnet}.0/24]\n    pods: [${subnet}.128/25]\n  gateway: ${subnet}.1\n  hosts:\n    - {name: host, addresses: [${subnet}.10]}\n`;
}

/** The first pair of a group joins two zones, the second a zone and what was there before Kubernetes. */
function pairText(name: string, group: number, index: number): string {
  const inside = `zone-${group * OF_FIFTY.zones + index * 2}`;
  const far =
    index === 0 ? `zone: zone-${group * OF_FIFTY.zones + 1}` : `external: external-${group * OF_FIFTY.externals}`;
  const nat = index === 0 ? "" : ", nat: virtualAddress";
  return `${head("FirewallPair", name)}  namespace: fw-${group}-${index}\n  legs:\n    - {name: inside, zone: ${inside}}\n    - {name: outside, ${far}${nat}}\n  rules:\n    - {name: web, from: {zone: ${inside}}, to: {${far}}, ports: [tcp/8443]}\n  image: registry.example.com/netfw@sha256:${"7d".repeat(32)}\n`;
}

function expectationText(name: string, from: number, to: number): string {
  const other = from === to ? to + 1 : to;
  return `${head("Expectation", name)}  checks:\n    - {from: {zone: zone-${from}}, to: {zone: zone-${other}}, ports: [tcp/22], expect: denied}\n`;
}
