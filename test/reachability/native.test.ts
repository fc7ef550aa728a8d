import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { CASES } from "../cases-runner.ts";
import { exampleInputs } from "./example.ts";
import { readFolder } from "./read-folder.ts";

interface Change {
  readonly name: string;
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

const pci = "zones/pci.yaml";
const corp = "zones/corp.yaml";
const mainframe = "externals/mainframe.yaml";
const edge = "pairs/edge.yaml";
const back = "pairs/back.yaml";
const card = "patches/payments/deployment-card/kustomization.yaml";
const shop = "patches/web/deployment-shop/kustomization.yaml";
const cache = "patches/web/statefulset-cache/kustomization.yaml";
const till = "patches/branch/deployment-till/kustomization.yaml";
const db = "patches/payments/statefulset-db/kustomization.yaml";

const changes: Readonly<Record<string, readonly Change[]>> = {
  "kinds/dra-dranet": [
    { name: "another VLAN", file: pci, from: '== "bond1.110"', to: '== "bond1.120"' },
    { name: "any device", file: pci, from: /expression: has.*$/m, to: 'expression: "true"' },
    { name: "another address", file: pci, from: "- 10.10.0.20/24", to: "- 10.10.0.21/24" },
    { name: "a wrong prefix", file: pci, from: "- 10.10.0.20/24", to: "- 10.10.0.20/8" },
    { name: "no routes", file: pci, from: / {14}routes:\n(?: {16}.*\n)+/, to: "" },
    { name: "another next hop", file: pci, from: "gateway: 10.10.0.13", to: "gateway: 10.10.0.99" },
    { name: "a gateway that does not forward", file: edge, from: /forwarding: true/g, to: "forwarding: false" },
    { name: "a leg on the wrong link", file: edge, from: /== "ens2f0"/g, to: '== "bond1.150"' },
    {
      name: "a field that is not known",
      file: pci,
      from: "mtu: 1500",
      to: "mtu: 1500\n                vrf: {name: x}",
    },
    {
      name: "a patch that claims nothing",
      file: card,
      from: /resourceClaims:\n(?: {14}.*\n?)+/,
      to: "hostname: card\n",
    },
    { name: "a patch of another claim", file: card, from: /zone-pci-net1-\w+/, to: "zone-pci-net1-00000000" },
    { name: "another driver", file: pci, from: /driver: dra\.net/, to: "driver: other.example" },
  ],
  "kinds/dra-sriov": [
    { name: "another VLAN", file: pci, from: /"vlan": 110/g, to: '"vlan": 120' },
    { name: "another resource", file: pci, from: /== "intel.com\/data"/g, to: '== "intel.com/other"' },
    {
      name: "no network behind the claim",
      file: pci,
      from: "netAttachDefName: zone-pci\n",
      to: "netAttachDefName: gone\n",
    },
    {
      name: "a range beyond its share",
      file: pci,
      from: '"range_start": "10.10.0.17"',
      to: '"range_start": "10.10.0.1"',
    },
    { name: "no route back", file: pci, from: /"gw": "10\.10\.0\.13"/g, to: '"gw": "10.10.0.77"' },
  ],
  "kinds/network-kind": [
    {
      name: "the network of somebody else",
      file: pci,
      from: '.podNetwork == "zone-pci"',
      to: '.podNetwork == "zone-corp"',
    },
    {
      name: "a wider choice of devices",
      file: pci,
      from: / && has\(device\.attributes\["multinetwork\.networking\.k8s\.io"\]\.podNetworkNamespace\).*$/m,
      to: "",
    },
    { name: "another VLAN for some", file: pci, from: '"master": "bond1.110"', to: '"master": "bond1.120"' },
  ],
  "kinds/gke": [
    { name: "the VPC of another zone", file: pci, from: "vpc: pci-vpc", to: "vpc: corp-vpc" },
    { name: "no parameters", file: pci, from: "name: zone-pci\n  labels", to: "name: zone-other\n  labels" },
    { name: "the network of another zone", file: card, from: '"network":"zone-pci"', to: '"network":"zone-corp"' },
    { name: "no network at all", file: card, from: ',{"interfaceName":"net1","network":"zone-pci"}', to: "" },
    { name: "another default interface", file: card, from: "default-interface: eth0", to: "default-interface: net1" },
  ],
  "kinds/kube-ovn": [
    { name: "a namespace that is not in the VPC", file: corp, from: "    - vision\n", to: "" },
    { name: "no VPC", file: corp, from: "kind: Vpc\n", to: "kind: Vpcs\n" },
    { name: "a range beyond its share", file: corp, from: "- 10.20.0.1..10.20.0.16", to: "- 10.20.0.1" },
    { name: "another subnet", file: corp, from: "cidrBlock: 10.20.0.0/24", to: "cidrBlock: 10.21.0.0/24" },
    { name: "another VLAN", file: pci, from: "id: 110", to: "id: 150" },
    {
      name: "no Subnet for the provider",
      file: pci,
      from: "provider: zone-pci.payments.ovn\n",
      to: "provider: other.payments.ovn\n",
    },
    { name: "the network of another", file: card, from: '"name":"zone-pci"', to: '"name":"external-mainframe"' },
  ],
  "output/kube-ovn-fixed-addresses": [
    { name: "another address", file: db, from: "10.10.0.1,", to: "10.10.0.3," },
    { name: "another address of IPv6", file: db, from: "fd00:10::1", to: "fd00:10::3" },
    { name: "no address of its own", file: db, from: /.*ip_address: .*\n/, to: "" },
    {
      name: "the address of another network",
      file: db,
      from: "zone-pci.payments.ovn.k",
      to: "zone-other.payments.ovn.k",
    },
    { name: "addresses for several pods", file: db, from: /ip_address: (.*)/, to: "ip_pool: $1;10.10.0.3,fd00:10::3" },
    { name: "no address at all", file: db, from: "10.10.0.1,fd00:10::1", to: "db" },
    { name: "one address of both", file: db, from: "10.10.0.1,fd00:10::1", to: "10.10.0.1,10.10.0.3" },
  ],
  "output/kube-ovn-policy-for": [
    { name: "they hold on others only", file: pci, from: /policy_for: ovn/g, to: "policy_for: payments/zone-pci" },
    { name: "a network's policies hold on the main one, too", file: mainframe, from: /.*policy_for: .*\n/g, to: "" },
    { name: "those of another network", file: mainframe, from: /external-mainframe$/gm, to: "zone-pci" },
    { name: "those of a network that is none", file: mainframe, from: /policy_for: .*/g, to: "policy_for: net1" },
    { name: "nothing denied on the network", file: mainframe, from: /kind: NetworkPolicy/g, to: "kind: Policy" },
    { name: "everybody let in", file: mainframe, from: "cidr: 10.50.0.10/32", to: "cidr: 10.50.0.0/24" },
    {
      name: "an admin policy that passes nothing",
      file: "guards.yaml",
      from: "- 10.50.0.10/32",
      to: "- 10.50.0.11/32",
    },
    {
      name: "another network's own pods kept out",
      file: pci,
      from: /.*cidr: 10.10.0.0\/24\n/g,
      to: "            cidr: 10.9.0.0/24\n",
    },
  ],
  "output/kube-ovn-own-ranges": [
    { name: "another address in a list", file: card, from: "10.10.0.129,", to: "10.10.0.140," },
    { name: "the address of another pod", file: card, from: "10.10.0.129,", to: "10.10.0.74," },
    { name: "fewer addresses than pods", file: card, from: ",10.10.0.130,10.10.0.131", to: "" },
    { name: "one address for all pods", file: card, from: /ip_pool: .*/, to: "ip_address: 10.10.0.128" },
    { name: "no list", file: card, from: /.*ip_pool: .*\n?/, to: "" },
    { name: "a list by name", file: card, from: /ip_pool: .*/, to: "ip_pool: some-pool" },
    { name: "what a list holds is given to others, too", file: pci, from: /.*10\.10\.0\.128\.\..*\n/, to: "" },
    { name: "the list of another network", file: card, from: "zone-pci.payments.ovn.k", to: "zone-corp.web.ovn.k" },
    { name: "on an overlay, another address", file: cache, from: "10.20.0.20,", to: "10.20.0.21," },
    { name: "on an overlay, the address of another pod", file: cache, from: "10.20.0.20,", to: "10.20.0.228," },
    { name: "on an overlay, no address of its own", file: cache, from: /.*ip_address: .*\n/, to: "" },
    { name: "on an overlay, an address from outside", file: cache, from: "10.20.0.20,", to: "10.30.0.20," },
    { name: "on an overlay, a single address for several", file: shop, from: /;.*/, to: "" },
    { name: "on an overlay, a list that cannot be read", file: shop, from: /;10\.20\.0\.231,/, to: ";10.20.0.231;" },
    { name: "on an overlay, an address that others get", file: corp, from: "    - 10.20.0.20\n", to: "" },
  ],
  "output/pair-of-two-targets": [
    { name: "the leg on the VLAN of nobody", file: edge, from: "bond2.220", to: "bond2.221" },
    { name: "the zone, and the leg with it, on another VLAN", file: pci, from: "id: 110", to: "id: 111" },
    { name: "a leg on the other zone", file: edge, from: /"name":"zone-pci"/g, to: '"name":"zone-corp--edge--leg"' },
    { name: "one member without a leg", file: edge, from: /,\{"name":"zone-pci"[^}]*\}/, to: "" },
    { name: "legs swapped", file: edge, from: /"interface":"net2"/g, to: '"interface":"net3"' },
    {
      name: "a leg whose address OVN gives",
      file: edge,
      from: /("interface":"net2")/g,
      to: '$1,"ips":["10.10.0.3/24"]',
    },
    { name: "a leg without its address", file: edge, from: /.*sh "\/etc.*addresses\.sh"\n/, to: "" },
    { name: "the address of the other member", file: edge, from: "replace 10.10.0.3/24", to: "replace 10.10.0.9/24" },
    {
      name: "an address that is held before the rules are",
      file: edge,
      from: /( *)load\n( *sh "[^"]*addresses\.sh")\n/,
      to: "$2\n$1load\n",
    },
    {
      name: "a network that gives addresses out",
      file: pci,
      from: /ipam:\n *mode: Disabled/,
      to: "subnets: [10.10.0.0/24]",
    },
    { name: "no network where the gateway runs", file: pci, from: "          - fw-edge\n", to: "" },
    {
      name: "a network for everybody",
      file: pci,
      from: "          - fw-edge\n",
      to: "          - fw-edge\n          - web\n",
    },
    { name: "a member without its default route", file: card, from: ',"default-route":["10.10.0.13"]', to: "" },
    {
      name: "a default route to nobody",
      file: db,
      from: '"default-route":["10.10.0.13"]',
      to: '"default-route":["10.10.0.99"]',
    },
    {
      name: "a policy of members that closes the gateway",
      file: pci,
      from: /policy-for: payments\/zone-pci/g,
      to: "policy-for: payments/zone-x",
    },
    { name: "legs that do not forward", file: edge, from: '"net.ipv4.ip_forward": "1",', to: "" },
  ],
  "output/single-gateway-on-a-localnet": [
    {
      name: "the address of one leg on another",
      file: edge,
      from: "10.50.0.142/24 dev net3",
      to: "10.50.0.142/24 dev net2",
    },
    { name: "the external network on another VLAN", file: "externals/mainframe.yaml", from: "id: 150", to: "id: 110" },
    {
      name: "legs swapped",
      file: edge,
      from: /"interface":"net2","mac":"[^"]*"\},\{"name":"external/,
      to: '"interface":"net3"},{"name":"zone-pci"},{"name":"external',
    },
  ],
  "output/pair-on-ovn-kubernetes": [
    {
      name: "a leg where OVN allocates the addresses",
      file: edge,
      from: /"name":"zone-corp--gw"/g,
      to: '"name":"zone-corp"',
    },
    { name: "gateways on the VLAN of another zone", file: corp, from: /(zone-corp--gw[\s\S]*?id: )120/, to: "$1130" },
    {
      name: "addresses on the network of gateways",
      file: corp,
      from: /ipam:\n *mode: Disabled/,
      to: "subnets: [10.20.0.0/24]",
    },
    { name: "gateways that nobody selects", file: corp, from: /- fw-edge\n/, to: "- fw-other\n" },
    { name: "pods that do not forward", file: edge, from: /"net.ipv4.ip_forward": "1"/, to: "" },
    { name: "no definition that forwards", file: edge, from: /,\{"name":"forwarding"[^}]*\}/g, to: "" },
    { name: "no route beyond the external network", file: edge, from: /.*route replace 10\.60.*\n/g, to: "" },
    { name: "a route by another router", file: edge, from: /via 10\.50\.0\.254/g, to: "via 10.50.0.253" },
    { name: "a leg without its address", file: edge, from: /.*replace 10\.20\.0\.11\/24.*\n/, to: "" },
    { name: "clients whose default route is eth0's", file: till, from: /,"default-route":\[[^\]]*\]/, to: "" },
    {
      name: "clients by another gateway",
      file: till,
      from: /"default-route":\[[^\]]*\]/,
      to: '"default-route":["10.30.0.200"]',
    },
  ],
  "output/pair-on-kube-ovn": [
    { name: "the zone, and the leg with it, on another VLAN", file: pci, from: "id: 110", to: "id: 150" },
    {
      name: "a leg on another Subnet",
      file: edge,
      from: "zone-pci.fw-edge.ovn.kubernetes.io/logical_switch: zone-pci",
      to: "zone-pci.fw-edge.ovn.kubernetes.io/logical_switch: external-mainframe",
    },
    {
      name: "a leg on a Subnet that is not there",
      file: edge,
      from: "logical_switch: zone-pci",
      to: "logical_switch: zone-other",
    },
    { name: "a leg on no Subnet", file: edge, from: /.*zone-pci.*logical_switch: .*\n/, to: "" },
    { name: "the address of the other member", file: edge, from: "10.10.0.3,fd00:10::2", to: "10.10.0.9,fd00:10::2" },
    { name: "a leg with any address", file: edge, from: /.*zone-pci.*ip_address: .*\n/, to: "" },
    { name: "what closes eth0 closes the legs", file: edge, from: /.*network_policy_for: ovn\n/, to: "" },
    {
      name: "what closes eth0 is for a leg",
      file: edge,
      from: "network_policy_for: ovn",
      to: "network_policy_for: fw-edge/zone-pci",
    },
    {
      name: "no way to what is behind a router",
      file: edge,
      from: /.*fw-edge\.ovn\.kubernetes\.io\/routes.*\n/,
      to: "",
    },
    { name: "a member without its routes", file: card, from: /.*ovn\.kubernetes\.io\/routes.*\n/, to: "" },
    { name: "a route by nobody", file: card, from: '"gw":"10.10.0.13"', to: '"gw":"10.10.0.14"' },
    { name: "a route too wide", file: db, from: '"dst":"10.20.0.0/24"', to: '"dst":"10.20.0.0/16"' },
    { name: "routes that are no list", file: db, from: "routes: '[", to: "routes: '" },
    {
      name: "a member on the Subnet of the mainframe",
      file: card,
      from: /(\s+)(zone-pci\.payments\.ovn\.kubernetes\.io\/)routes/,
      to: "$1$2logical_switch: external-mainframe$1$2routes",
    },
    {
      name: "pods of the gateway that guards keep out",
      file: "guards.yaml",
      from: /.*fw-edge zone-pci.*logical_switch.*\n/,
      to: "",
    },
  ],
  "output/pair-of-kube-ovn": [
    {
      name: "what closes a tunnel's eth0 closes its leg",
      file: "vpns/site1.yaml",
      from: /.*network_policy_for: ovn\n/,
      to: "",
    },
    {
      name: "a tunnel on another Subnet",
      file: "vpns/site1.yaml",
      from: "logical_switch: zone-pci",
      to: "logical_switch: external-mainframe",
    },
    {
      name: "clients without the tunnel's route",
      file: card,
      from: '{"dst":"192.168.77.0/24","gw":"10.10.0.2"},',
      to: "",
    },
    { name: "a leg of Multus on another VLAN", file: edge, from: "bond2.220", to: "bond2.221" },
  ],
  "output/pair-within-kube-ovn": [
    {
      name: "admins deny what comes by the firewall",
      file: "guards.yaml",
      from: /(name: pass-edge--web\n *action: )Pass(\n *from:)/,
      to: "$1Deny$2",
    },
    {
      name: "admins deny what goes to the firewall",
      file: "guards.yaml",
      from: /(name: pass-edge--web\n *action: )Pass(\n *to:)/,
      to: "$1Deny$2",
    },
    {
      name: "a leg on the other zone's Subnet",
      file: edge,
      from: "logical_switch: zone-pci",
      to: "logical_switch: zone-corp",
    },
    { name: "both zones on one VLAN", file: pci, from: "id: 110", to: "id: 120" },
    { name: "legs that do not forward", file: edge, from: /"net.ipv4.ip_forward": "1",/g, to: "" },
  ],
  "output/pair-by-claim-and-annotation": [
    { name: "a leg by claim on another VLAN", file: edge, from: '== "bond2.210"', to: '== "bond2.211"' },
    { name: "a leg by annotation on another VLAN", file: edge, from: "bond1.120", to: "bond1.121" },
    { name: "one member without its claim", file: edge, from: / *resourceClaims:\n.*\n.*\n/, to: "" },
    {
      name: "the claim of the other member",
      file: edge,
      from: /TemplateName: zone-pci-net2-ec929899/,
      to: "TemplateName: zone-pci-net2-a6a0864d",
    },
    { name: "no annotation beside the claim", file: back, from: /.*cncf\.io\/networks: .*\n/, to: "" },
    { name: "another address by claim", file: back, from: /- 10\.10\.0\.\d+\/24/, to: "- 10.10.0.20/24" },
  ],
};

for (const [name, list] of Object.entries(changes)) {
  const root = join(CASES, name);
  const inputs = exampleInputs(root);
  const compiled = compile(inputs);
  const { plans, instances } = compiled;
  const known: ClusterKnowledge = {
    plan: plans[0] as ClusterKnowledge["plan"],
    instances: instances.get("main") ?? [],
  };
  // What the compile says as well: a warning that stands in the case.
  const told = compiled.diagnostics.map((one) => one.message);
  const written = readFolder(root, "expected/out/main").map(({ path, text }) => ({
    path: path.slice("expected/out/".length),
    text,
  }));

  test(`${name} is proved as it is written`, () => {
    const { diagnostics } = verifyCluster(known, written, inputs.workloads);
    expect(diagnostics.filter((one) => !told.includes(one.message)).map((one) => one.message)).toEqual([]);
  });

  for (const change of list)
    test(`${name}, noticed: ${change.name}`, () => {
      const files = written.map((file) =>
        file.path === `main/${change.file}` ? { ...file, text: file.text.replace(change.from, change.to) } : file,
      );
      expect(files, "it changes something").not.toEqual(written);
      const { diagnostics } = verifyCluster(known, files, inputs.workloads);
      expect(diagnostics.filter((one) => !told.includes(one.message)).length).toBeGreaterThan(0);
    });
}
