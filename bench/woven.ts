// An estate in which everything is used at once, for measuring and for counting work.
const A = "apiVersion: plumbline.dev/v1alpha1\n";
const DIGEST = "0".repeat(64);
const KEY = "mtbyIEzIGEcTAKEkCEZOX1lPSpbVeZ7yRGC6pbMN7HE=";
/** Zones on one uplink at most: VLAN ids end at 4094. */
const PER_UPLINK = 3_500;
/** Beside the first cluster there is a small one: every twentieth zone is in it. */
const CLUSTERS = ["main", "edge"];

/**
 * The texts of a project of so many intents by path. Of twenty: thirteen zones with a workload each that let in one namespace,
 * three firewalls, two tunnels, a device and an Expectation. A third of the zones have IPv6 too.
 */
export function wovenTexts(count: number): ReadonlyMap<string, string> {
  const part = (share: number) => Math.max(2, Math.floor(count * share));
  const [zones, pairs, tunnels, devices, checks] = [part(0.65), part(0.15), part(0.1), part(0.05), part(0.05)];
  const texts = new Map([
    ["plumbline.yaml", PROJECT],
    ["intents/fabric.yaml", fabric(zones)],
  ]);
  for (let i = 0; i < zones; i++) {
    texts.set(`intents/zone-${i}.yaml`, zone(i));
    texts.set(`workloads/app-${i}.yaml`, workload(i));
  }
  for (let i = 0; i < pairs; i++) texts.set(`intents/pair-${i}.yaml`, pair(i));
  for (let i = 0; i < tunnels; i++) texts.set(`intents/vpn-${i}.yaml`, vpn(i, zoneOf(pairs * 2 + i)));
  for (let i = 0; i < devices; i++) texts.set(`intents/device-${i}.yaml`, device(i));
  for (let i = 0; i < devices; i++) texts.set(`intents/net-${i}.yaml`, network(i));
  for (let i = 0; i < checks; i++) texts.set(`intents/expect-${i}.yaml`, expectation(i));
  return texts;
}

const head = (kind: string, name: string) => `${A}kind: ${kind}\nmetadata: {name: ${name}}\nspec:\n`;

const platform = (pods: string, services: string) =>
  `platform: {multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}, podNetwork: {cidrs: [${pods}], serviceCidrs: [${services}]}}`;

const PROJECT = `${head("Project", "woven")}  clusters:
    - name: main
      ${platform("100.64.0.0/11", "198.18.0.0/16")}
    - name: edge
      ${platform("100.96.0.0/11", "198.19.0.0/16")}
`;

function fabric(zones: number): string {
  const links = Array.from(
    { length: Math.ceil(zones / PER_UPLINK) },
    (_none, at) => `    - {name: u${at}, interface: bond${at}, vlans: ["2-4000"]}\n`,
  );
  const devices = `    - {name: d0, interface: eno0, vlans: ["2-4094"]}\n`;
  return `${head("Fabric", "f")}  clusters: [${CLUSTERS.join(", ")}]\n  uplinks:\n${links.join("")}${devices}  pools:\n    - {name: p4, cidr: 10.0.0.0/8, prefixLength: 24}\n    - {name: p6, cidr: "fd00:1::/32", prefixLength: 64}\n`;
}

/** The nth zone of the first cluster. */
function zoneOf(nth: number): number {
  return nth + Math.floor(nth / 19);
}

function zone(i: number): string {
  const clusters = i % 20 === 19 ? "edge" : "main";
  const pools = i % 3 === 0 ? "p4, p6" : "p4";
  return `${head("IsolationZone", `zone-${i}`)}  clusters: [${clusters}]\n  namespaces: [ns-${i}]\n  network: {separation: vlan, uplink: u${Math.floor(i / PER_UPLINK)}, pools: [${pools}]}\n  podNetwork:\n    allow:\n      - {direction: ingress, from: {namespace: ingress-nginx}, ports: [tcp/8080]}\n`;
}

function workload(i: number): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, namespace: ns-${i}}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: app}}\n  template:\n    metadata: {labels: {app: app}}\n    spec:\n      containers:\n        - {name: app, image: "registry.example.com/app:1"}\n`;
}

function pair(i: number): string {
  const [from, to] = [zoneOf(2 * i), zoneOf(2 * i + 1)];
  return `${head("FirewallPair", `pair-${i}`)}  clusters: [main]\n  namespace: fw-${i}\n  legs:\n    - {name: a, zone: zone-${from}}\n    - {name: b, zone: zone-${to}}\n  rules:\n    - {name: web, from: {zone: zone-${from}}, to: {zone: zone-${to}}, ports: [tcp/8443]}\n  image: registry.example.com/netfw@sha256:${DIGEST}\n`;
}

function vpn(i: number, clients: number): string {
  const at = `${Math.floor(i / 250)}.${1 + (i % 250)}`;
  return `${head("VpnEgress", `vpn-${i}`)}  clusters: [main]\n  namespace: vpn-${i}\n  clients: {zone: zone-${clients}}\n  destinations: [192.168.${i % 256}.0/24]\n  wireguard:\n    endpoint: 203.0.113.${1 + (i % 250)}:51820\n    publicKey: "${KEY}"\n    addresses: [172.31.${at}/32]\n    privateKeyFrom: {secret: wg, key: privatekey}\n  image: registry.example.com/wggw@sha256:${DIGEST}\n`;
}

function device(i: number): string {
  const subnet = `12.${i >> 8}.${i & 255}`;
  return `${head("ExternalNetwork", `device-${i}`)}  clusters: [main]\n  network:\n    uplink: d0\n    vlan: ${2 + (i % 4_000)}\n    subnets: [${subnet}.0/24]\n    pods: [${subnet}.128/25]\n  gateway: ${subnet}.1\n  hosts:\n    - {name: host, addresses: [${subnet}.10]}\n`;
}

/** Across the borders of two zones. */
function network(i: number): string {
  const app = (nth: number) => `{workload: {namespace: ns-${zoneOf(nth)}, kind: Deployment, name: app}}`;
  const [a, b] = [app(2 * i), app(2 * i + 1)];
  return `${head("Network", `net-${i}`)}  clusters: [main]\n  network: {uplink: d0, pools: [p4]}\n  members: [${a}, ${b}]\n  traffic:\n    - {from: ${a}, to: ${b}, ports: [sctp/38412]}\n`;
}

function expectation(i: number): string {
  const [from, to] = [zoneOf(2 * i), zoneOf(2 * i + 1)];
  return `${head("Expectation", `expect-${i}`)}  clusters: [main]\n  checks:\n    - {from: {zone: zone-${from}}, to: {zone: zone-${to}}, ports: [tcp/8443], expect: allowed}\n    - {from: {zone: zone-${to}}, to: {zone: zone-${from}}, ports: [tcp/22], expect: denied}\n`;
}
