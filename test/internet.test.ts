import { describe, expect, test } from "vitest";
import { formatCidr, parseKnownCidr } from "../src/net/cidr.ts";
import { complementCidrs } from "../src/net/complement.ts";
import {
  containsAddresses,
  intersectAddresses,
  toAddressSet,
  uniteAddresses,
} from "../src/verify/headerspace/address-set.ts";
import { core } from "./core.ts";
import { pageInputs } from "./page-project.ts";

describe("everything but some networks", () => {
  test("nothing is in both, and nothing is left out", () => {
    for (const taken of [[], ["10.0.0.0/8"], ["0.0.0.0/0"], ["0.0.0.0/1", "192.0.2.7/32", "255.255.255.255/32"]]) {
      const [out, rest] = [
        toAddressSet(taken.map(parseKnownCidr)),
        toAddressSet(complementCidrs(4, taken.map(parseKnownCidr))),
      ];
      expect(intersectAddresses(out, rest)).toEqual([]);
      expect(containsAddresses(uniteAddresses(out, rest), toAddressSet([parseKnownCidr("0.0.0.0/0")]))).toBe(true);
    }
  });
  test("the other family does not count", () => {
    expect(complementCidrs(6, [parseKnownCidr("10.0.0.0/8")]).map(formatCidr)).toEqual(["::/0"]);
  });
});

const PROJECT = (platform: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - name: main
      platform:
        multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}
        adminPolicy: ClusterNetworkPolicy
${platform.replace(/^/gm, "        ")}
`;

const NODES = `podNetwork: {cidrs: [10.244.0.0/16, "fd00:244::/56"], nodeCidrs: [192.168.1.0/24, "2001:db8:1::/64"]}`;

const PEERING = (more = "") => `apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata: {name: peering}
spec:
  network: {uplink: data, vlan: 160, subnets: [198.51.100.0/28, "2001:db8:2::/64"], pods: [198.51.100.8/29, "2001:db8:2::100/120"]}
  gateway: [198.51.100.1, "2001:db8:2::1"]
  internet: true
${more}`;

const ZONE = (more = "") => `apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: corp}
spec:
  namespaces: [web]
  network: {separation: vlan, uplink: data, vlan: 120, subnets: [10.20.0.0/24, "fd00:20::/64"]}
${more}`;

const PAIR = `apiVersion: plumbline.dev/v1alpha1
kind: FirewallPair
metadata: {name: edge}
spec:
  namespace: fw-edge
  legs: [{name: inside, zone: corp}, {name: world, external: peering, nat: virtualAddress}]
  rules: [{name: web, from: {zone: corp}, to: {internet: true}, ports: [tcp/443]}]
  image: registry.example.com/netfw@sha256:ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12
`;

const TUNNEL = `apiVersion: plumbline.dev/v1alpha1
kind: VpnEgress
metadata: {name: site1}
spec:
  namespace: vpn-site1
  clients: {zone: corp}
  destinations: [any]
  wireguard:
    endpoint: 203.0.113.2:51820
    publicKey: "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    addresses: [172.31.0.2/32, "fd00:31::2/128"]
    privateKeyFrom: {secret: wg-site1, key: privatekey}
  dns: {servers: [172.31.0.53]}
  image: registry.example.com/netfw@sha256:ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12
`;

const EXPECT = (through: string) => `apiVersion: plumbline.dev/v1alpha1
kind: Expectation
metadata: {name: internet}
spec:
  checks:
    - {from: {zone: corp}, to: {cidr: 1.1.1.1/32}, ports: [tcp/443], expect: allowed${through}}
    - {from: {zone: corp}, to: {cidr: "2606:4700::1111/128"}, ports: [tcp/443], expect: allowed${through}}
    - {from: {zone: corp}, to: {cidr: 10.244.0.0/16}, expect: denied}
    - {from: {zone: corp}, to: {cidr: 10.96.0.0/12}, ports: [tcp/443], expect: denied}
    - {from: {zone: corp}, to: {cidr: 192.168.1.0/24}, expect: denied}
    - {from: {zone: corp}, to: {cidr: "2001:db8:1::/64"}, expect: denied}
    - {from: {zone: corp}, to: {cidr: "64:ff9b::a0a:1/128"}, expect: denied}
    - {from: {zone: corp}, to: {cidr: 169.254.169.254/32}, expect: denied}
    - {from: {zone: corp}, to: {zone: pci}, expect: denied}
    - {from: {internet: true}, to: {zone: corp}, expect: denied}
`;

function compiled(...documents: readonly string[]) {
  const { diagnostics, plans, files } = core.compile(pageInputs(documents.join("---\n")));
  return { codes: diagnostics.map((one) => one.code), plan: plans[0], files };
}

describe("the internet", () => {
  const onEachCni = ["cilium", "calico", "flannel", "ovn-kubernetes", "kube-ovn"];

  test.each(onEachCni)("through a pair, with %s", (cni) => {
    const { codes, plan } = compiled(
      PROJECT(`cni: ${cni}\n${NODES}`),
      PEERING(),
      ZONE(),
      PAIR,
      EXPECT(", through: [edge]"),
    );
    expect(codes).toEqual([]);
    const shop = plan?.attachments.find((one) => one.network === "isolationzone/corp");
    expect(shop?.defaultRoute.length).toBe(cni === "ovn-kubernetes" ? 2 : 0);
  });

  test.each(onEachCni)("everything through a tunnel, with %s", (cni) => {
    expect(compiled(PROJECT(`cni: ${cni}\n${NODES}`), ZONE(), TUNNEL).codes).toEqual([]);
  });

  test("straight by eth0, and not by parts of the cluster", () => {
    const open = "  podNetwork: {allow: [{direction: egress, to: {internet: true}, ports: [tcp/443]}]}\n";
    expect(compiled(PROJECT(NODES), ZONE(open), EXPECT("")).codes).toEqual([]);
  });

  test("straight by the router of an external network", () => {
    const members = "  members: [{workload: {namespace: web, kind: Deployment, name: shop}}]\n";
    // Where a policy controller lets all of ICMPv6 through, so does the internet: told by verify.
    const four = PEERING(members).replaceAll(/, "2001:[^"]*"/g, "");
    const expectations = EXPECT("").replaceAll(/.*(2606|2001):.*\n/g, "");
    expect(compiled(PROJECT(`cni: cilium\n${NODES}`), four, ZONE(), expectations).codes).toEqual([]);
    const open = compiled(PROJECT(`cni: cilium\n${NODES}`), PEERING(members), ZONE());
    expect(new Set(open.codes)).toEqual(new Set(["verify/unexpected-path"]));
  });

  test("an expectation needs the addresses of the nodes: of an empty internet everything would hold", () => {
    const text = EXPECT("").replace(
      /( {2}checks:\n)[\s\S]*/,
      "$1    - {from: {zone: corp}, to: {internet: true}, expect: denied}\n",
    );
    expect(compiled(PROJECT("cni: cilium"), ZONE(), text).codes).toEqual(["party/internet-without-nodes"]);
  });

  test("a zone that opens it on eth0 has no tunnel for everything", () => {
    const open = "  podNetwork: {allow: [{direction: egress, to: {internet: true}, ports: [tcp/443]}]}\n";
    expect(compiled(PROJECT(`cni: cilium\n${NODES}`), ZONE(open), TUNNEL).codes).toContain("vpn/destination-open");
  });

  test("holds no network of the project, and nothing of the cluster", () => {
    const internet = toAddressSet(compiled(PROJECT(NODES), PEERING(), ZONE()).plan?.internet ?? []);
    const taken = [
      "10.244.0.0/16",
      "10.96.0.0/12",
      "192.168.1.0/24",
      "10.20.0.0/24",
      "198.51.100.0/28",
      "10.128.0.0/12",
    ];
    const taken6 = ["fd00:244::/56", "2001:db8:1::/64", "2001:db8:2::/64", "fe80::/10", "ff00::/8", "64:ff9b::/96"];
    for (const one of [...taken, ...taken6, "169.254.0.0/16", "224.0.0.0/4", "127.0.0.0/8"])
      expect(intersectAddresses(internet, toAddressSet([parseKnownCidr(one)])), one).toEqual([]);
    for (const one of ["1.1.1.1/32", "2606:4700::/32"])
      expect(containsAddresses(internet, toAddressSet([parseKnownCidr(one)])), one).toBe(true);
  });
});

const SEED = (replicas = 1) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: seed, namespace: downloads}
spec:
  replicas: ${replicas}
  strategy: {type: Recreate}
  selector: {matchLabels: {app: seed}}
  template:
    metadata: {labels: {app: seed}}
    spec:
      initContainers: [{name: first, image: "registry.example.com/app:1.0"}]
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
`;

const ALONE = (more = "") =>
  TUNNEL.replace(
    "clients: {zone: corp}",
    "clients: {workload: {namespace: downloads, kind: Deployment, name: seed}}\n  network: {uplink: data, vlan: 170, subnets: [10.70.0.0/24]}",
  ).replace(', "fd00:31::2/128"', "") + more;

describe("a tunnel for a workload in no zone", () => {
  const expectations = (checks: string) =>
    `apiVersion: plumbline.dev/v1alpha1\nkind: Expectation\nmetadata: {name: seed}\nspec:\n  checks:\n${checks}`;
  const seed = "{workload: {namespace: downloads, kind: Deployment, name: seed}}";

  test("everything of it goes through the tunnel, names too, and eth0 is closed but for what is opened", () => {
    const open = "  podNetwork: {allow: [{direction: ingress, from: {namespace: ingress-nginx}, ports: [tcp/8080]}]}\n";
    const checks = [
      `    - {from: ${seed}, to: {vpn: site1}, expect: allowed, through: [site1]}`,
      `    - {from: ${seed}, to: {zone: corp}, expect: denied}`,
      `    - {from: {zone: corp}, to: ${seed}, expect: denied}`,
      `    - {from: ${seed}, to: {cidr: 192.168.1.0/24}, expect: denied}`,
    ];
    const { codes, files } = compiled(
      PROJECT(`cni: cilium\n${NODES}`),
      SEED(2),
      ALONE(open),
      expectations(checks.join("\n")),
    );
    expect(codes).toEqual([]);
    const patch = files.find((one) => one.path.includes("patches/downloads"))?.text ?? "";
    expect(patch).toContain("dnsPolicy: None");
    const guards = files.find((one) => one.path.endsWith("guards.yaml"))?.text ?? "";
    expect(guards).toContain("zone-site1-clients");
  });

  test("ports of the tunnel reach it, and no others", () => {
    const checks = [
      `    - {from: {vpn: site1}, to: ${seed}, ports: [tcp/51413], expect: allowed, through: [site1]}`,
      `    - {from: {vpn: site1}, to: ${seed}, ports: [udp/51413, tcp/22, icmp], expect: denied}`,
    ];
    const inbound = "  inbound: [{port: tcp/51413}]\n";
    const { codes } = compiled(
      PROJECT(`cni: cilium\n${NODES}`),
      SEED(),
      ALONE(inbound),
      expectations(checks.join("\n")),
    );
    expect(codes).toEqual([]);
  });
});
