import type { SourceFile } from "../../src/source/source-file.ts";

/** One change of the written example, as a broken template, a merge or a hand would make it. */
export interface Mutation {
  readonly name: string;
  /** The file that is changed, below `out/east/`. */
  readonly file: string;
  edit(text: string): string;
}

const pci = "zones/pci.yaml";
const corp = "zones/corp.yaml";
const edge = "pairs/edge.yaml";
const vpn = "vpns/site1.yaml";
const guards = "guards.yaml";
const card = "patches/payments/deployment-card/kustomization.yaml";
const api = "patches/payments/deployment-api/kustomization.yaml";
const db = "patches/ledger/statefulset-db/kustomization.yaml";
const shop = "patches/web/deployment-shop/kustomization.yaml";

function swap(name: string, file: string, from: string | RegExp, to: string): Mutation {
  return { name, file, edit: (text) => text.replace(from, to) };
}

/** Leaves out the documents that match. */
function drop(name: string, file: string, ...all: readonly RegExp[]): Mutation {
  const edit = (text: string) =>
    text
      .split(/^---\n/m)
      .filter((one) => !all.every((pattern) => pattern.test(one)))
      .join("---\n");
  return { name, file, edit };
}

/** Changes the documents that match. */
function within(name: string, file: string, which: RegExp, from: string | RegExp, to: string): Mutation {
  const edit = (text: string) =>
    text
      .split(/^---\n/m)
      .map((one) => (which.test(one) ? one.replace(from, to) : one))
      .join("---\n");
  return { name, file, edit };
}

const networks: readonly Mutation[] = [
  swap("pods of corp stand on pci's VLAN", corp, /bond1\.\d+/g, "bond1.110"),
  swap("pods of pci stand on another VLAN", pci, /bond1\.110/g, "bond1.111"),
  swap("one copy of pci's network stands on another VLAN", pci, "bond1.110", "bond1.111"),
  swap("corp's link is not that of a VLAN", corp, /bond1\.\d+/g, "bond1"),
  swap("the route to pci is gone", corp, /\{\s*"dst": "10\.10\.0\.0\/24",\s*"gw": "[^"]+"\s*\},?/g, ""),
  swap("the IPv6 route to pci is gone", corp, /\{\s*"dst": "fd00:10::\/64",\s*"gw": "[^"]+"\s*\},?/g, ""),
  swap("the way back to corp is gone", pci, /,?\s*\{\s*"dst": "10\.132\.207\.0\/24",\s*"gw": "[^"]+"\s*\}/g, ""),
  swap(
    "the way back to corp is by the wrong next hop",
    pci,
    /("dst": "10\.132\.207\.0\/24",\s*"gw": )"10\.10\.0\.1"/g,
    '$1"10.10.0.9"',
  ),
  swap("the next hop to pci is nobody", corp, /("dst": "10\.10\.0\.0\/24",\s*"gw": )"[^"]+"/g, '$1"10.132.207.250"'),
  swap("the route to pci is too narrow", corp, /"dst": "10\.10\.0\.0\/24"/g, '"dst": "10.10.0.0/28"'),
  swap(
    "the clients' route to the tunnel is gone",
    corp,
    /,?\s*\{\s*"dst": "192\.168\.77\.0\/24",\s*"gw": "[^"]+"\s*\}/g,
    "",
  ),
  swap(
    "the clients' route leads to the firewall",
    corp,
    /("dst": "192\.168\.77\.0\/24",\s*"gw": )"[^"]+"/g,
    '$1"10.132.207.8"',
  ),
  swap(
    "pci's range begins at the virtual address",
    pci,
    /"range_start": "10\.10\.0\.32"/g,
    '"range_start": "10.10.0.1"',
  ),
  swap("pci's range runs into a fixed address", pci, /"range_start": "10\.10\.0\.32"/g, '"range_start": "10.10.0.20"'),
  swap(
    "a range of its own lies in the general one",
    pci,
    /"range_end": "10\.10\.0\.111"/g,
    '"range_end": "10.10.0.120"',
  ),
  swap("corp's subnet has the wrong length", corp, /"range": "10\.132\.207\.0\/24"/g, '"range": "10.132.207.0/28"'),
  swap("corp's subnet is far too wide", corp, /"range": "10\.132\.207\.0\/24"/g, '"range": "10.0.0.0/8"'),
  swap("a network's config is no JSON", pci, '"cniVersion"', "cniVersion"),
  swap("a network has a plugin that nobody knows", pci, '"type": "macvlan"', '"type": "macvtap"'),
  swap("networks are bridges that no policy holds", pci, /"type": "macvlan"/g, '"type": "bridge"'),
  drop(
    "pci's network is not written in payments",
    pci,
    /NetworkAttachmentDefinition/,
    /name: zone-pci\n {2}namespace: payments/,
  ),
  swap("corp's pods forward", corp, /"net\.ipv4\.conf\.IFNAME\.rp_filter": "1"/g, '"net.ipv4.ip_forward": "1"'),
];

const patches: readonly Mutation[] = [
  swap(
    "a patch names another zone's network",
    shop,
    '"zone-corp","namespace":"web"',
    '"zone-pci","namespace":"payments"',
  ),
  swap(
    "a pod stands in two zones",
    card,
    '{"name":"zone-pci"',
    '{"name":"zone-corp","namespace":"web"},{"name":"zone-pci"',
  ),
  swap("a patch names a network that is not there", card, '"zone-pci"', '"zone-pcj"'),
  swap("a patch's key is misspelt", db, '"ips"', '"ip"'),
  swap("a patch gives another address", db, "10.10.0.20/24", "10.10.0.21/24"),
  swap("a patch gives an address of another pod", db, "10.10.0.20/24", "10.10.0.40/24"),
  swap("a patch takes the general network", api, "zone-pci--payments-api", "zone-pci"),
  swap("a patch is for nobody", shop, "name: shop", "name: shep"),
  swap("a pod's networks are no JSON", shop, '"interface":"net1"}', '"interface":"net1"'),
  swap(
    "a patch puts pods on the node's network",
    shop,
    /^( *)(template:\n)/m,
    "$1$2$1  spec:\n$1    hostNetwork: true\n",
  ),
  swap(
    "a patch moves the default route",
    shop,
    '"interface":"net1"',
    '"interface":"net1","default-route":["10.132.207.8"]',
  ),
];

const forwarding: readonly Mutation[] = [
  swap(
    "the firewall has no policy drop",
    edge,
    "hook forward priority filter; policy drop",
    "hook forward priority filter; policy accept",
  ),
  swap(
    "the firewall lets in whatever is for itself",
    edge,
    "hook input priority filter; policy drop",
    "hook input priority filter; policy accept",
  ),
  swap("a rule opens every port", edge, "tcp dport { 8443 } ", ""),
  swap("a rule opens another port", edge, "tcp dport { 8443 }", "tcp dport { 8443, 22 }"),
  swap("a rule opens a range of ports", edge, "tcp dport { 8443 }", "tcp dport { 8000-9000 }"),
  swap("a rule opens the wrong port", edge, "tcp dport { 8443 }", "tcp dport { 8444 }"),
  swap("a rule opens the wrong protocol", edge, "tcp dport { 8443 }", "udp dport { 8443 }"),
  swap("a rule goes to more hosts", edge, "ip daddr 10.50.0.10/32", "ip daddr 10.50.0.0/24"),
  swap(
    "a rule is for all pods instead of one workload",
    edge,
    /ip saddr 10\.10\.0\.112\/28 ip daddr 10\.50/,
    "ip saddr 10.10.0.0/24 ip daddr 10.50",
  ),
  swap(
    "a rule is turned round",
    edge,
    'iifname "net1" oifname "net2" ip saddr',
    'iifname "net2" oifname "net1" ip saddr',
  ),
  swap("a rule is gone", edge, /^.*comment "db"\n/m, ""),
  swap("the IPv6 rule is gone", edge, /^.*ip6 saddr.*comment "web"\n/m, ""),
  swap("everything is accepted first", edge, "    ct state vmap", "    accept\n        ct state vmap"),
  swap("new connections count as established", edge, "related : accept", "new : accept"),
  swap("answers are dropped", edge, "established : accept", "established : drop"),
  swap("the ruleset has a word that is not known", edge, 'counter comment "dropped"', "queue num 1"),
  swap(
    "the table is not deleted first but flushed away whole",
    edge,
    "delete table inet plumbline",
    "delete table inet plumblime",
  ),
  swap("translation takes another address", edge, /snat ip to [0-9.]+/, "snat ip to 10.50.0.200"),
  swap("nothing is translated", edge, /^.*snat ip to.*\n/m, ""),
  swap("the firewall does not forward", edge, /"net\.ipv4\.ip_forward": "1"/g, '"net.ipv4.ip_forward": "0"'),
  swap(
    "the firewall does not forward IPv6",
    edge,
    /"net\.ipv6\.conf\.all\.forwarding": "1"/g,
    '"net.ipv6.conf.all.forwarding": "0"',
  ),
  swap("a leg stands on another VLAN", edge, "bond1.110", "bond1.112"),
  swap("neighbours are not found", edge, /, nd-neighbor-solicit, nd-neighbor-advert/g, ""),
  swap(
    "a leg answers for the far one",
    edge,
    /^.*iifname "net1" ip daddr \{ 10\.132.*echo-request accept$/m,
    '        iifname "net1" icmp type echo-request accept',
  ),
];

const members: readonly Mutation[] = [
  swap("keepalived starts before the rules are loaded", edge, /(\n {4}load\n)( {4}keepalived .*\n)/, "\n$2    load\n"),
  swap("the rules are never loaded", edge, /\n {4}load\n/, "\n"),
  swap("a virtual address is another one", edge, /10\.10\.0\.1\/24 dev net2/g, "10.10.0.7/24 dev net2"),
  swap("a virtual address is on the wrong leg", edge, /10\.10\.0\.1\/24 dev net2/g, "10.10.0.1/24 dev net1"),
  swap(
    "one member has another virtual address",
    edge,
    /(?<=virtual_ipaddress \{\n *)10\.10\.0\.1\/24 dev net2/,
    "10.10.0.7/24 dev net2",
  ),
  swap("a leg does not move with the others", edge, /^ {8}OUTSIDE_4\n/m, ""),
  swap("members do not hear each other", edge, /^.*iifname "net1" ip saddr .*vrrp accept\n/m, ""),
  swap("members do not speak to each other", edge, /^.*oifname "net1" ip daddr .*vrrp accept\n/m, ""),
  swap("a member sends from an address it has not", edge, "unicast_src_ip 10.10.0.2", "unicast_src_ip 10.10.0.9"),
  swap("a member has the address of the other one", edge, '"10.10.0.3/24"', '"10.10.0.2/24"'),
  swap(
    "the legs are swapped",
    edge,
    /"interface":"net1"(.*)"interface":"net2"/,
    '"interface":"net2"$1"interface":"net1"',
  ),
  swap("a member may not change its network", edge, /- NET_ADMIN/, "- CHOWN"),
  drop("a member is not written", edge, /kind: Deployment/, /name: edge-2/),
  swap("a member reads the other's configuration", edge, "value: edge-1", "value: edge-2"),
  within(
    "eth0 of the firewall is open",
    edge,
    /NetworkPolicy/,
    /policyTypes:\n.*\n.*\n/,
    "policyTypes: [Ingress]\n  ingress: [{}]\n",
  ),
  drop("eth0 of the firewall has no policy", edge, /NetworkPolicy/),
];

const tunnels: readonly Mutation[] = [
  swap(
    "the kill switch is gone",
    vpn,
    "hook forward priority filter; policy drop",
    "hook forward priority filter; policy accept",
  ),
  swap("clients may leave by the gateway's eth0", vpn, 'oifname "wg-site1" ip saddr', "ip saddr"),
  swap("the unreachable route is gone", vpn, /^.*route replace unreachable.*\n/m, ""),
  swap("the tunnel is up before the rules", vpn, /( {4}nft -c .*\n {4}nft -f .*\n)((?: {4}sh .*\n)+)/, "$2$1"),
  swap(
    "the gateway answers before the rules",
    vpn,
    /( {4}nft -c .*\n {4}nft -f .*\n)((?:.*\n){2})( {4}ip address replace .*\n)/,
    "$3$1$2",
  ),
  swap("nothing is masked in the tunnel", vpn, /^.*masquerade\n/m, ""),
  swap("the tunnel carries other destinations", vpn, "AllowedIPs = 192.168.77.0/24", "AllowedIPs = 192.168.78.0/24"),
  swap("the tunnel carries everything", vpn, "AllowedIPs = 192.168.77.0/24", "AllowedIPs = 0.0.0.0/0"),
  swap("the tunnel has another endpoint", vpn, "Endpoint = 203.0.113.2:51820", "Endpoint = 203.0.113.9:51820"),
  swap("the encrypted flow may not leave", vpn, /^.*udp dport 51820.*\n/m, ""),
  swap("the policy does not let the encrypted flow out", vpn, "cidr: 203.0.113.2/32", "cidr: 203.0.113.3/32"),
  swap("the policy lets everything out", vpn, "cidr: 203.0.113.2/32", "cidr: 0.0.0.0/0"),
  swap("the route into the tunnel is gone", vpn, /^.*route replace 192\.168\.77\.0.*\n/m, ""),
  swap("the tunnel opens every port", vpn, "tcp dport { 443 } ", ""),
  swap(
    "the far side may open connections",
    vpn,
    "    ct state vmap",
    '    iifname "wg-site1" accept\n        ct state vmap',
  ),
  swap(
    "long packets vanish",
    vpn,
    /(?<=oifname "lo" accept\n)( *ct state established),related accept\n([\s\S]*?)\n *icmp type .*\n *icmpv6 type.*$/m,
    "$1 accept\n$2",
  ),
  swap("segments are not clamped", vpn, /^.*maxseg size set rt mtu\n/gm, ""),
  swap("the gateway does not forward", vpn, /"net\.ipv4\.ip_forward": "1"/g, '"net.ipv4.ip_forward": "0"'),
  swap(
    "the gateway's address is another one",
    vpn,
    /ip address replace 10\.132\.207\.2\/24/,
    "ip address replace 10.132.207.3/24",
  ),
];

const policies: readonly Mutation[] = [
  drop("pci's eth0 has no policy in payments", pci, /kind: NetworkPolicy/, /namespace: payments/),
  within(
    "pci's policies select nobody",
    pci,
    /kind: NetworkPolicy/,
    /podSelector: \{\}/,
    "podSelector: {matchLabels: {no: such}}",
  ),
  within(
    "pci's eth0 is open to every namespace",
    pci,
    /kind: NetworkPolicy[\s\S]*same-zone\n {2}namespace: payments/,
    /operator: In\n\s*values:\n\s*- ledger\n\s*- payments/,
    "operator: Exists",
  ),
  within(
    "pci's eth0 is open to another zone",
    pci,
    /kind: NetworkPolicy[\s\S]*same-zone\n {2}namespace: payments/,
    "- ledger",
    "- web",
  ),
  within(
    "pci's eth0 is open to the world",
    pci,
    /kind: NetworkPolicy[\s\S]*allow-2\n {2}namespace: payments/,
    "192.0.2.10/32",
    "0.0.0.0/0",
  ),
  within(
    "pci's eth0 is open on more ports",
    pci,
    /kind: NetworkPolicy[\s\S]*allow-1\n {2}namespace: payments/,
    "port: 8080",
    "port: 8080\n          endPort: 9090",
  ),
  within(
    "names cannot be resolved",
    pci,
    /kind: NetworkPolicy[\s\S]*zone-pci-dns\n {2}namespace: payments/,
    "kube-dns",
    "kube-dnz",
  ),
  within("only one way is closed", corp, /kind: NetworkPolicy/, / {4}- Egress\n/, ""),
  drop("nothing closes pci's network in payments", pci, /MultiNetworkPolicy/, /namespace: payments/),
  within(
    "pci's network policies are for no network",
    pci,
    /MultiNetworkPolicy/,
    /policy-for: .*/,
    "policy-for: payments/nothing",
  ),
  within("pci's network policies name no network", pci, /MultiNetworkPolicy/, /^.*policy-for: .*\n/m, ""),
  within("pci's network policies are of a version nobody serves", pci, /MultiNetworkPolicy/, "v1beta1", "v1beta2"),
  within(
    "pci's network lets everybody in",
    pci,
    /MultiNetworkPolicy[\s\S]*same-zone\n {2}namespace: payments/,
    "10.10.0.0/24",
    "0.0.0.0/0",
  ),
  within("pci's network lets in another port", pci, /MultiNetworkPolicy[\s\S]*edge--web/, "port: 8443", "port: 22"),
  within("pci's network lets in every port", pci, /MultiNetworkPolicy[\s\S]*edge--web/, /ports:\n.*\n.*\n/, ""),
  within(
    "corp's network lets nobody out to pci",
    corp,
    /MultiNetworkPolicy[\s\S]*edge--web/,
    "10.10.0.0/24",
    "10.11.0.0/24",
  ),
  drop("corp's network lets nobody out to the tunnel", corp, /MultiNetworkPolicy/, /name: zone-corp--vpn-site1/),
  drop("corp's network is closed to its own pods", corp, /MultiNetworkPolicy/, /same-zone/),
  drop("the admin tier has nothing for pci", guards, /ClusterNetworkPolicy/, /name: zone-pci/),
  within(
    "the admin tier denies the zone to itself",
    guards,
    /ClusterNetworkPolicy[\s\S]*name: zone-pci/,
    /name: pass-same-zone\n {6}action: Pass/,
    "name: pass-same-zone\n      action: Deny",
  ),
  within(
    "the admin tier denies nobody",
    guards,
    /ClusterNetworkPolicy[\s\S]*name: zone-pci/,
    /action: Deny/g,
    "action: Pass",
  ),
  within(
    "the admin tier is for another namespace",
    guards,
    /ClusterNetworkPolicy[\s\S]*name: zone-corp/,
    /- web/g,
    "- wed",
  ),
  within(
    "the admin tier is the baseline",
    guards,
    /ClusterNetworkPolicy[\s\S]*name: zone-pci/,
    "tier: Admin",
    "tier: Baseline",
  ),
  within(
    "the admin tier lets the zone out to the world",
    guards,
    /ClusterNetworkPolicy[\s\S]*name: zone-pci/,
    /- name: deny-everywhere[\s\S]*/,
    "",
  ),
];

export const mutations: readonly Mutation[] = [
  ...networks,
  ...patches,
  ...forwarding,
  ...members,
  ...tunnels,
  ...policies,
];

/**
 * Changes that let exactly the same packets through. The first two: addresses pin what interfaces would, and strict
 * rp_filter drops every source of another leg. The third: what is accepted early is accepted later anyway.
 */
export const equivalents: readonly Mutation[] = [
  swap("a rule is for every sender", edge, / ip saddr 10\.132\.207\.0\/24 ip daddr 10\.10/, " ip daddr 10.10"),
  swap("a rule works in both directions", edge, 'iifname "net1" oifname "net2" ip saddr', "ip saddr"),
  within(
    "the admin tier accepts where it should pass",
    guards,
    /ClusterNetworkPolicy[\s\S]*name: zone-pci/,
    /name: pass-allow-1\n {6}action: Pass/,
    "name: pass-allow-1\n      action: Accept",
  ),
];

/** The files with one of them changed; undefined where the change finds nothing to change. */
export function mutated(files: readonly SourceFile[], { file, edit }: Mutation): readonly SourceFile[] | undefined {
  let changed = false;
  const after = files.map((one) => {
    if (!one.path.endsWith(`/${file}`)) return one;
    const text = edit(one.text);
    changed = text !== one.text;
    return { ...one, text };
  });
  return changed ? after : undefined;
}
