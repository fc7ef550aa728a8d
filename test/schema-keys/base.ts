/** One document of every kind, and of Project, by kind. Together they are a project that compiles. */
export const base: Readonly<Record<string, { readonly name: string; readonly spec: object }>> = {
  Project: {
    name: "demo",
    spec: {
      clusters: [
        {
          name: "main",
          platform: {
            multiNetworkPolicy: { plugins: ["macvlan"], acceptIcmp6: true },
            adminPolicy: "ClusterNetworkPolicy",
          },
        },
      ],
    },
  },
  Fabric: {
    name: "dc1",
    spec: {
      clusters: ["main"],
      uplinks: [
        { name: "data", interface: "bond1", vlans: ["100-199"] },
        { name: "spare", interface: "bond2", vlans: ["200-299"] },
      ],
      pools: [
        { name: "zones", cidr: "10.128.0.0/12", prefixLength: 24 },
        { name: "more", cidr: "10.160.0.0/12", prefixLength: 24 },
      ],
    },
  },
  IsolationZone: {
    name: "pci",
    spec: {
      namespaces: ["payments"],
      members: [{ workload: { namespace: "payments", kind: "StatefulSet", name: "db" } }],
      network: { separation: "vlan", uplink: "data", vlan: 110 },
    },
  },
  Zone2: {
    name: "corp",
    spec: {
      namespaces: ["web"],
      network: { separation: "vlan", uplink: "data", vlan: 120, subnets: ["10.20.0.0/24"] },
    },
  },
  ExternalNetwork: {
    name: "mainframe",
    spec: {
      network: { uplink: "data", vlan: 150, subnets: ["10.50.0.0/24"], pods: ["10.50.0.128/25"] },
      gateway: "10.50.0.254",
      hosts: [{ name: "db2", addresses: ["10.50.0.10"] }],
      members: [{ workload: { namespace: "batch", kind: "StatefulSet", name: "settle" } }],
    },
  },
  Network: {
    name: "n4",
    spec: {
      network: { uplink: "data" },
      members: [{ workload: { namespace: "batch", kind: "StatefulSet", name: "settle" } }],
    },
  },
  FirewallPair: {
    name: "edge",
    spec: {
      namespace: "fw-edge",
      legs: [
        { name: "inside", zone: "corp" },
        { name: "outside", zone: "pci" },
        { name: "legacy", external: "mainframe", nat: "virtualAddress" },
      ],
      rules: [{ name: "web", from: { zone: "corp" }, to: { zone: "pci" }, ports: ["tcp/8443"] }],
      image: "registry.example.com/netfw@sha256:7d1a5c0be8f3f0a94fdc8a2c6a5f6e8d1b3c9e7f2a4d6b8c0e1f3a5b7c9d1e3f",
    },
  },
  VpnEgress: {
    name: "site1",
    spec: {
      namespace: "vpn-site1",
      clients: { zone: "corp" },
      destinations: ["192.168.77.0/24"],
      ports: ["tcp/443"],
      wireguard: {
        endpoint: "203.0.113.2:51820",
        publicKey: "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
        addresses: ["172.31.0.2/32"],
        privateKeyFrom: { secret: "wg-site1", key: "privatekey" },
      },
      image: "registry.example.com/wggw@sha256:2b4d6f8a0c1e3a5b7d9f1c3e5a7b9d0f2e4c6a8b0d1f3e5a7c9b1d3f5e7a9c0b",
    },
  },
  Expectation: {
    name: "scope",
    spec: { checks: [{ from: { zone: "corp" }, to: { zone: "pci" }, ports: ["tcp/8443"], expect: "allowed" }] },
  },
};

const workload = (kind: string, namespace: string, name: string, app: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  replicas: ${kind === "StatefulSet" ? 1 : 2}
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
`;

export const workloads = [
  workload("Deployment", "payments", "card", "card"),
  workload("StatefulSet", "payments", "db", "db"),
  workload("Deployment", "web", "shop", "shop"),
  workload("Deployment", "web", "news", "news"),
  workload("StatefulSet", "batch", "settle", "settle"),
  // Not a member of anything, and on a network of another namespace.
  workload("Deployment", "vault", "backup", "backup").replace(
    "metadata: {labels: {app: backup}}",
    "metadata: {labels: {app: backup}, annotations: {k8s.v1.cni.cncf.io/networks: tools/lan}}",
  ),
].join("---\n");
