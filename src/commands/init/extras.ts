/** A digest that stands for the one that the build of an image prints. */
const DIGEST = `sha256:${"0".repeat(64)}`;

/** Further intents that a new project may begin with. */
export const starterExtras = {
  firewall: {
    "intents/pairs/edge.yaml": `# The only way from the zone web to the zone payments: two firewall pods with a leg in each network.
apiVersion: plumbline.dev/v1alpha1
kind: FirewallPair
metadata:
  name: edge
spec:
  namespace: fw-edge
  legs:
    - {name: inside, zone: web}
    - {name: outside, zone: payments}
  rules:
    - {name: card, from: {zone: web}, to: {zone: payments}, ports: [tcp/8443], log: true}
  availability: {mode: activeStandby, nodes: {matchLabels: {role: edge}}}
  # Build the image (images/ of plumbline's repository), push it, and write its digest here.
  image: registry.example.com/netfw@${DIGEST}
`,
  },
  vpn: {
    "intents/vpns/site1.yaml": `# Pods of the zone reach these networks through the tunnel, or not at all.
apiVersion: plumbline.dev/v1alpha1
kind: VpnEgress
metadata:
  name: site1
spec:
  namespace: vpn-site1
  clients: {zone: payments}
  destinations: [192.168.77.0/24]
  ports: [tcp/443]
  wireguard:
    # The peer: its address, and the public key that it shows with "wg show".
    endpoint: 203.0.113.2:51820
    publicKey: "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    addresses: [172.31.0.2/32]
    # The private key stays in a Secret; it is never written here.
    privateKeyFrom: {secret: wg-site1, key: privatekey}
  image: registry.example.com/wggw@${DIGEST}
`,
  },
  external: {
    "intents/externals/mainframe.yaml": `# Was there before Kubernetes. The upper half of its subnet is ours to allocate.
apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata:
  name: mainframe
spec:
  network:
    uplink: data
    vlan: 150
    subnets: [10.50.0.0/24]
    pods: [10.50.0.128/25]
  gateway: 10.50.0.254
  hosts:
    - {name: db2, addresses: [10.50.0.10]}
`,
  },
  expectation: {
    "intents/expectations.yaml": `# Tests for the network: "plumbline verify" checks them against what the output allows.
apiVersion: plumbline.dev/v1alpha1
kind: Expectation
metadata:
  name: borders
spec:
  checks:
    - {from: {zone: payments}, to: {cidr: 198.51.100.0/24}, expect: denied}
    - {from: {cidr: 198.51.100.0/24}, to: {zone: payments}, expect: denied}
`,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type StarterExtra = keyof typeof starterExtras;
