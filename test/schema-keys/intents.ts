import {
  below,
  type Entries,
  type Given,
  gatewayOf,
  membersOf,
  networkOf,
  onTarget,
  partyAt,
  selectorAt,
  to,
  twoClusters,
  withoutGateways,
  workloadAt,
} from "./entry.ts";

const onSriov = { "Fabric uplinks[].attach": "sriov", "Fabric uplinks[].resourceName": "example.com/nic" };
const ownLink = { name: "data", interface: "eth9", vlans: ["100-199"] };

const fabric: Entries = {
  clusters: to(["main", "other"], { "Project clusters[1]": { name: "other" } }),
  target: to("multus"),
  overrides: to({ main: { uplinks: [ownLink, { name: "spare", interface: "bond2", vlans: ["200-299"] }] } }),
  ...below("uplinks[]", {
    name: to("other"),
    interface: to("bond7"),
    bridge: to("br7", { "Fabric uplinks[].attach": "bridge" }),
    vlanInterface: to("v{vlan}"),
    mtu: to(9000),
    vlans: to(["150-160"]),
    nativeVlan: to(120, {
      "ExternalNetwork network.vlan": undefined,
      "ExternalNetwork network.separation": "physical",
    }),
    attach: to("ipvlan"),
    resourceName: to("example.com/other", onSriov),
    physicalNetwork: to("physnet9", onTarget("ovn-kubernetes")),
  }),
  "uplinks[].nodes.matchLabels": to({ role: "edge" }, { "Project clusters[].platform.nmstate": true }),
  // Refused as a whole.
  "uplinks[].nodes.matchExpressions": to([{ key: "role", operator: "Exists" }]),
  ...below("pools[]", {
    name: to("other", { "IsolationZone network.pools": ["zones"] }),
    cidr: to("10.192.0.0/12"),
    prefixLength: to(25),
  }),
  shares: to({ main: "1/2" }, { ...twoClusters, ...withoutGateways }),
};

const opening = (direction: string, key: string) => ({
  "IsolationZone podNetwork.allow": [{ direction, [key]: { namespace: "batch" } }],
});

function openingsOf(direction: string, key: string): Entries {
  const path = `podNetwork.allow[].${key}`;
  const given = (one: object) => ({ "IsolationZone podNetwork.allow": [{ direction, [key]: one }] });
  return {
    ...below(path, {
      namespace: to("tools", opening(direction, key)),
      cidr: to("192.0.2.0/24", given({})),
      apiServer: to(true, given({})),
      hostNetwork: to(true, given({})),
    }),
    ...selectorAt("IsolationZone", `${path}.selector`, given({ namespace: "batch" })),
  };
}

const zone: Entries = {
  clusters: to(["main"], twoClusters),
  target: to("kube-ovn", { "Project experimental": true }),
  overrides: to({ main: { namespaces: ["payments", "cards"] } }),
  namespaces: to(["payments", "cards"]),
  manageNamespaces: to(true),
  ...membersOf("IsolationZone"),
  "members[].allowCapabilities": to(["NET_RAW"]),
  ...networkOf("IsolationZone"),
  "podNetwork.dns": to(false),
  "podNetwork.sameZone": to(false),
  "podNetwork.allow[].direction": to("egress", opening("ingress", "from")),
  "podNetwork.allow[].ports": to(["tcp/9090"], opening("ingress", "from")),
  ...openingsOf("ingress", "from"),
  ...openingsOf("egress", "to"),
  allowCapabilities: to(["NET_RAW"]),
  enforcement: to("audit"),
};

const only: Given = { Expectation: undefined };
const published = {
  ...only,
  "IsolationZone network.subnets": ["10.10.0.0/24"],
  "IsolationZone members[].addresses": ["10.10.0.20"],
  "FirewallPair rules": [
    {
      name: "in",
      from: { external: "mainframe" },
      to: { workload: { namespace: "payments", kind: "StatefulSet", name: "db" } },
      ports: ["tcp/5432"],
      publish: { address: "10.50.0.200", port: 15432 },
    },
  ],
};

const pair: Entries = {
  clusters: to(["main"], twoClusters),
  target: to("kube-ovn", { "Project experimental": true }),
  overrides: to({ main: { rules: [{ name: "web", from: { zone: "corp" }, to: { zone: "pci" }, ports: ["tcp/22"] }] } }),
  ...below("legs[]", {
    name: to("within"),
    zone: to("pci", { "FirewallPair legs[1]": { name: "outside", zone: "corp" } }),
    addresses: to(["10.20.0.2", "10.20.0.3"]),
    virtualAddress: to("10.20.0.9"),
    interface: to("corp0"),
    external: to("mainframe", {
      "FirewallPair legs": [{ name: "legacy" }, { name: "outside", zone: "pci" }, { name: "inside", zone: "corp" }],
    }),
    nat: to("none", {
      "FirewallPair legs": [
        { name: "legacy", external: "mainframe", nat: "masquerade" },
        { name: "outside", zone: "pci" },
        { name: "inside", zone: "corp" },
      ],
      "FirewallPair rules[].to": { external: "mainframe" },
      ...only,
    }),
  }),
  ...below("rules[]", {
    name: to("shop"),
    ports: to(["tcp/22"]),
    log: to(true),
    "publish.address": to("10.50.0.201", published),
    "publish.port": to(8080, published),
  }),
  ...partyAt("FirewallPair", "rules[].from", only),
  ...partyAt("FirewallPair", "rules[].to", only),
  ...gatewayOf("FirewallPair"),
  ...workloadAt("FirewallPair", "adopt[]", {
    "FirewallPair image": undefined,
    "FirewallPair availability": { mode: "single" },
  }),
};

const ipsec = {
  "VpnEgress wireguard": undefined,
  "VpnEgress ipsec": {
    remote: "203.0.113.2",
    localId: "us",
    remoteId: "them",
    addresses: ["172.31.0.2/32"],
    pskFrom: { secret: "psk", key: "psk" },
  },
};
const byCertificate = {
  ...ipsec,
  "VpnEgress ipsec.pskFrom": undefined,
  "VpnEgress ipsec.certificateFrom": { secret: "cert", key: "gateway.crt" },
};
const ownNetwork = { "VpnEgress network": { uplink: "data" } };

const vpn: Entries = {
  clusters: to(["main"], twoClusters),
  target: to("kube-ovn", { "Project experimental": true }),
  overrides: to({ main: { destinations: ["192.168.78.0/24"] } }),
  "clients.zone": to("pci"),
  ...selectorAt("VpnEgress", "clients.selector"),
  destinations: to(["192.168.78.0/24"]),
  ports: to(["tcp/8443"]),
  ...below("wireguard", {
    endpoint: to("203.0.113.3:51820"),
    publicKey: to("yTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="),
    addresses: to(["172.31.0.3/32"]),
    "privateKeyFrom.secret": to("other"),
    "privateKeyFrom.key": to("other"),
    "presharedKeyFrom.secret": to("other", { "VpnEgress wireguard.presharedKeyFrom": { secret: "psk", key: "psk" } }),
    "presharedKeyFrom.key": to("other", { "VpnEgress wireguard.presharedKeyFrom": { secret: "psk", key: "psk" } }),
    keepaliveSeconds: to(25),
  }),
  ...below("ipsec", {
    remote: to("203.0.113.3", ipsec),
    localId: to("we", ipsec),
    remoteId: to("they", ipsec),
    addresses: to(["172.31.0.3/32"], ipsec),
    "pskFrom.secret": to("other", ipsec),
    "pskFrom.key": to("other", ipsec),
    "certificateFrom.secret": to("other", byCertificate),
    "certificateFrom.key": to("other.crt", byCertificate),
    proposals: to(["aes256gcm16-prfsha384-ecp384"], ipsec),
  }),
  "dns.servers": to(["192.168.77.54"], { "VpnEgress dns": { servers: ["192.168.77.53"] } }),
  ...networkOf("VpnEgress", ownNetwork),
  addresses: to(["10.20.0.20", "10.20.0.21"]),
  virtualAddress: to("10.20.0.22"),
  ...gatewayOf("VpnEgress"),
};

const kept = {
  "ExternalNetwork members": undefined,
  "ExternalNetwork gateway": undefined,
  "ExternalNetwork hosts": undefined,
  "ExternalNetwork network": { existing: { objects: [{ namespace: "batch", name: "old" }] } },
  "FirewallPair legs": [
    { name: "inside", zone: "corp" },
    { name: "outside", zone: "pci" },
  ],
};

const external: Entries = {
  clusters: to(["main"], twoClusters),
  target: to("kube-ovn", { "Project experimental": true }),
  overrides: to({ main: { gateway: "10.50.0.253" } }),
  ...networkOf("ExternalNetwork"),
  "network.existing.config": to({ cniVersion: "1.0.0", name: "old", type: "macvlan", master: "eth5" }, kept),
  "network.pods": to(["10.50.0.64/26"]),
  gateway: to("10.50.0.253"),
  "routes[].to": to("10.98.0.0/16", { "ExternalNetwork routes": [{ to: "10.99.0.0/16" }] }),
  "hosts[].name": to("db3", { "FirewallPair rules[].to": { external: "mainframe", host: "db2" } }),
  "hosts[].addresses": to(["10.50.0.11"]),
  ...membersOf("ExternalNetwork"),
  memberTraffic: to("all"),
};

const settle = { namespace: "batch", kind: "StatefulSet", name: "settle" };
const subnets: Given = { "Network network.subnets": ["10.60.0.0/24"] };
const routed: Given = {
  ...subnets,
  "Network gateway": "10.60.0.1",
  "Network routes": [{ to: "10.99.0.0/16" }],
  "Network hosts": [
    { name: "gnb", addresses: ["10.60.0.10"] },
    { name: "ric", addresses: ["10.60.0.11"] },
  ],
  "Network members": [{ workload: settle }, { workload: { namespace: "vault", kind: "Deployment", name: "backup" } }],
};

/** A party of an entry of `traffic`; the other party is a member. */
function trafficPartyAt(path: string, entry: (party: object) => object): Entries {
  const first = (party: object): Given => ({ ...routed, "Network traffic": [entry(party)] });
  return below(path, {
    "workload.namespace": to("web", first({ workload: settle })),
    "workload.kind": to("DaemonSet", first({ workload: settle })),
    "workload.name": to("other", first({ workload: settle })),
    host: to("gnb", first({})),
    cidr: to("10.99.1.0/24", first({})),
    all: to(true, first({})),
  });
}

const network: Entries = {
  clusters: to(["main"], { ...twoClusters, ...withoutGateways, ExternalNetwork: undefined }),
  target: to("kube-ovn", { "Project experimental": true }),
  overrides: to({ main: { network: { mtu: 1400 } } }),
  ...networkOf("Network"),
  "network.pods": to(["10.60.0.64/26"], subnets),
  gateway: to("10.60.0.253", routed),
  "routes[].to": to("10.98.0.0/16", routed),
  "hosts[].name": to("gnb2", { ...routed, "Network traffic": [{ from: { host: "gnb" }, to: { all: true } }] }),
  "hosts[].addresses": to(["10.60.0.17"], routed),
  ...membersOf("Network"),
  ...trafficPartyAt("traffic[].from", (from) => ({ from, to: { all: true } })),
  ...trafficPartyAt("traffic[].to", (party) => ({ from: { all: true }, to: party })),
  ...trafficPartyAt("traffic[].between[]", (party) => ({ between: [party, { all: true }] })),
  "traffic[].ports": to(["sctp/38412"], {
    ...routed,
    "Network traffic": [{ from: { host: "gnb" }, to: { all: true } }],
  }),
};

const ssh = { "Expectation checks[].ports": ["tcp/22"] };

const expectation: Entries = {
  clusters: to(["main"], { ...twoClusters, FirewallPair: undefined, VpnEgress: undefined }),
  target: to("multus"),
  overrides: to({ main: { checks: [{ from: { zone: "corp" }, to: { zone: "pci" }, expect: "denied" }] } }),
  ...partyAt("Expectation", "checks[].from", ssh),
  "checks[].from.network": to("n4", { ...ssh, "Expectation checks[].from": {} }),
  "checks[].to.network": to("n4", { ...ssh, "Expectation checks[].to": {} }),
  ...partyAt("Expectation", "checks[].to", ssh),
  "checks[].ports": to(["tcp/22"]),
  "checks[].expect": to("denied"),
  "checks[].through": to(["site1"]),
};

export const ofIntents: Readonly<Record<string, Entries>> = {
  Fabric: fabric,
  IsolationZone: zone,
  FirewallPair: pair,
  VpnEgress: vpn,
  Network: network,
  ExternalNetwork: external,
  Expectation: expectation,
};
