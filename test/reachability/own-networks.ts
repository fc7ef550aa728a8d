import { compile } from "../../src/compile.ts";
import { pageInputs } from "../page-project.ts";

export const nad = (name: string, namespace: string, config: object) =>
  `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  config: '${JSON.stringify({ cniVersion: "1.0.0", ...config })}'
`;

interface Extra {
  readonly spec?: string;
  readonly container?: string;
}

/** A Deployment with networks of its own; `spec` and `container` are more lines of flow YAML. */
export const pod = (name: string, namespace: string, networks: string, { spec = "", container = "" }: Extra = {}) =>
  `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}}
      annotations: {k8s.v1.cni.cncf.io/networks: "${networks}"}
    spec: {${spec}containers: [{name: main, image: "registry.example.com/app:1.0"${container}}]}
`;

export const vpn = (destinations: string, addresses = "172.31.5.2/32") => `apiVersion: plumbline.dev/v1alpha1
kind: VpnEgress
metadata: {name: partner}
spec:
  namespace: vpn-partner
  clients: {zone: pci}
  destinations: [${destinations}]
  ports: [tcp/443]
  wireguard:
    endpoint: 203.0.113.77:51820
    publicKey: "mtbyIEzIGEcTAKEkCEZOX1lPSpbVeZ7yRGC6pbMN7HE="
    addresses: [${addresses}]
    privateKeyFrom: {secret: wg-partner, key: privatekey}
    keepaliveSeconds: 25
  image: registry.example.com/wggw@sha256:0000000000000000000000000000000000000000000000000000000000000002
`;

export const zone = (more: string, subnets = "10.10.0.0/24") => `apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: pci}
spec:
  namespaces: [payments]
  network: {separation: vlan, uplink: data, vlan: 110, subnets: [${subnets}]}
${more}`;

/** Codes of a project whose documents these parts replace or add, sorted. */
export function codes(...parts: readonly string[]): readonly string[] {
  const { diagnostics } = compile(pageInputs(parts.join("---\n")));
  return [...new Set(diagnostics.map((one) => one.code))].sort();
}

export const range = (subnet: string, routes: readonly object[] = []) => ({
  type: "whereabouts",
  range: subnet,
  routes,
});
export const local = (subnet: string) => ({ type: "host-local", ranges: [[{ subnet }]] });
export const macvlan = (ipam: object, master = "eth9") => ({ type: "macvlan", master, ipam });
export const bridge = (name: string, more: object, subnet = "10.99.0.0/24") => ({
  type: "bridge",
  bridge: name,
  ipam: local(subnet),
  ...more,
});
