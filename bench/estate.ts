import { zoneText } from "./project.ts";

const head = (kind: string, name: string) =>
  `apiVersion: plumbline.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n`;

/**
 * So many zones with so many pods in all, spread evenly, each a Deployment of its own; every two zones joined by a
 * firewall, and the second of them asked about by an Expectation. By path.
 */
export function estateTexts(zones: number, pods: number): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const appliers = `${head("Project", "estate")}  clusters:\n    - name: main\n      platform:\n        multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}\n        adminPolicy: ClusterNetworkPolicy\n`;
  texts.set("plumbline.yaml", appliers);
  texts.set(
    "intents/fabric.yaml",
    `${head("Fabric", "dc1")}  clusters: [main]\n  uplinks:\n    - {name: u0, interface: bond0, vlans: ["2-4094"]}\n  pools:\n    - {name: zones, cidr: 11.0.0.0/8, prefixLength: 24}\n`,
  );
  for (let zone = 0; zone < zones; zone++) {
    texts.set(`intents/zone-${zone}.yaml`, zoneText(zone));
    const own = Math.floor((pods * (zone + 1)) / zones) - Math.floor((pods * zone) / zones);
    texts.set(
      `workloads/zone-${zone}.yaml`,
      Array.from({ length: own }, (_none, at) => deployment(zone, at)).join("---\n"),
    );
    if (zone % 2 === 1) texts.set(`intents/pair-${zone}.yaml`, pair(zone));
  }
  return texts;
}

function deployment(zone: number, at: number): string {
  const labels = `{app: app-${at}}`;
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${at}\n  namespace: ns-${zone}\nspec:\n  replicas: 1\n  selector:\n    matchLabels: ${labels}\n  template:\n    metadata:\n      labels: ${labels}\n    spec:\n      containers:\n        - name: main\n          image: registry.example.com/app:1.0\n`;
}

function pair(zone: number): string {
  const [inside, outside] = [`zone-${zone - 1}`, `zone-${zone}`];
  const firewall = `${head("FirewallPair", `pair-${zone}`)}  namespace: fw-${zone}\n  legs:\n    - {name: inside, zone: ${inside}}\n    - {name: outside, zone: ${outside}}\n  rules:\n    - {name: web, from: {zone: ${inside}}, to: {zone: ${outside}}, ports: [tcp/8443]}\n  image: registry.example.com/netfw@sha256:${"7d".repeat(32)}\n`;
  const checks = `    - {from: {zone: ${inside}}, to: {zone: ${outside}}, ports: [tcp/8443], expect: allowed}\n    - {from: {zone: ${outside}}, to: {zone: ${inside}}, expect: denied}\n`;
  return `${firewall}---\n${head("Expectation", `pair-${zone}`)}  checks:\n${checks}`;
}
