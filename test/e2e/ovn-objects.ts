import { createHash } from "node:crypto";
import { toAddress, toBlock, toNumber } from "./address.ts";
import { at, type KubeObject } from "./manifests.ts";
import { type Direction, isolates, specOf } from "./policy-rules.ts";
import { type LabelSelector, type Labels, selects } from "./selectors.ts";

/**
 * What the controllers of OVN-Kubernetes make of objects, as data for OVN's northbound database. This is a mapping, read from
 * the sources of ovn-kubernetes 8871cd9c (2026-08-21) and seen there with the real controllers; the controllers themselves
 * do not run in this suite. It reads manifests alone and shares nothing with the compiler.
 *
 * | object | becomes | source |
 * |---|---|---|
 * | ClusterUserDefinedNetwork, Localnet | a logical switch, a `localnet` port with the VLAN as its tag, and a NetworkAttachmentDefinition in each namespace that is selected | pkg/ovn/localnet_user_defined_network_controller.go, pkg/clustermanager/userdefinednetwork |
 * | a pod's element of the networks annotation | a port with MAC and addresses; `port_security` is the same list, and so the MAC alone where there are no addresses | pkg/ovn/base_network_controller_pods.go, addLogicalPortToNetwork |
 * | MultiNetworkPolicy | a port group of the pods that it isolates: ARP and neighbour discovery pass, the rest is dropped, what its rules name passes with its replies | pkg/ovn/base_network_controller_policy.go |
 */
export interface Localnet {
  readonly name: string;
  readonly physicalNetwork: string;
  readonly vlan: number | undefined;
  readonly mtu: number;
  readonly subnets: readonly string[];
  readonly excluded: readonly string[];
  readonly namespaces: readonly string[];
}

/** The Localnets among objects; a topology that is none is an error, since nothing here would serve it. */
export function localnetsOf(objects: readonly KubeObject[]): Localnet[] {
  return objects
    .filter((object) => object.kind === "ClusterUserDefinedNetwork")
    .map((object) => {
      const net = at(object, "spec", "network", "localnet") as Record<string, unknown> | undefined;
      if (!net) throw new Error(`${object.metadata.name}: only Localnets are served here`);
      const vlan = at(net, "vlan", "access", "id");
      return {
        name: object.metadata.name,
        physicalNetwork: String(net.physicalNetworkName),
        vlan: vlan === undefined ? undefined : Number(vlan),
        mtu: Number(net.mtu ?? 1500),
        subnets: (net.subnets as string[] | undefined) ?? [],
        excluded: (net.excludeSubnets as string[] | undefined) ?? [],
        namespaces: selectedBy(object),
      };
    });
}

/** Selectors by name alone, as the compiler writes them: others would need every namespace of the cluster. */
function selectedBy(object: KubeObject): string[] {
  const found =
    (at(object, "spec", "namespaceSelector", "matchExpressions") as
      | { key: string; operator: string; values: string[] }[]
      | undefined) ?? [];
  const byName = found.find((one) => one.key === "kubernetes.io/metadata.name" && one.operator === "In");
  if (!byName || found.length !== 1) throw new Error(`${object.metadata.name}: its selector is not by name`);
  return byName.values;
}

/** The definitions that OVN-Kubernetes keeps in the namespaces of a network. */
export function definitionsOf(net: Localnet): KubeObject[] {
  return net.namespaces.map((namespace) => {
    const config = {
      cniVersion: "1.0.0",
      name: `cluster_udn_${net.name}`,
      type: "ovn-k8s-cni-overlay",
      topology: "localnet",
      physicalNetworkName: net.physicalNetwork,
      netAttachDefName: `${namespace}/${net.name}`,
      mtu: net.mtu,
      ...(net.vlan !== undefined && { vlanID: net.vlan }),
    };
    return {
      apiVersion: "k8s.cni.cncf.io/v1",
      kind: "NetworkAttachmentDefinition",
      metadata: { name: net.name, namespace },
      spec: { config: JSON.stringify(config) },
    };
  });
}

/** A pod's port on a switch. */
export interface OvnPort {
  readonly name: string;
  readonly network: string;
  /** `namespace/name` of the definition. */
  readonly definition: string;
  readonly interface: string;
  readonly mac: string;
  /** With prefix. */
  readonly addresses: readonly string[];
  readonly defaultRoute: readonly string[];
  readonly mtu: number;
}

interface Element {
  readonly name: string;
  readonly namespace?: string;
  readonly interface?: string;
  readonly mac?: string;
  readonly ips?: readonly string[];
  readonly "default-route"?: readonly string[];
}

/** Gives pods their ports, and remembers which addresses are taken. */
export function portMaker(nets: readonly Localnet[]): (pod: KubeObject) => OvnPort[] {
  const byName = new Map(nets.map((net) => [net.name, net]));
  const taken = new Set<string>();
  return (pod) => {
    const text = pod.metadata.annotations?.["k8s.v1.cni.cncf.io/networks"];
    const elements = text === undefined ? [] : (JSON.parse(text) as Element[]);
    return elements.flatMap((element, index) => {
      const net = byName.get(element.name);
      const namespace = element.namespace ?? pod.metadata.namespace ?? "";
      if (!net?.namespaces.includes(namespace)) return [];
      const asked = element.ips ?? [];
      const addresses = asked.length > 0 ? asked : net.subnets.map((subnet) => nextAddress(net, subnet, taken));
      const [first] = addresses;
      const ifname = element.interface ?? `net${index + 1}`;
      const name = `${pod.metadata.namespace}.${pod.metadata.name}.${ifname}`;
      return [
        {
          name,
          network: net.name,
          definition: `${namespace}/${net.name}`,
          interface: ifname,
          mac: element.mac ?? macOf(first ?? name),
          addresses,
          defaultRoute: element["default-route"] ?? [],
          mtu: net.mtu,
        },
      ];
    });
  };
}

function nextAddress(net: Localnet, subnet: string, taken: Set<string>): string {
  const block = toBlock(subnet);
  const excluded = net.excluded.map(toBlock).filter((one) => one.family === block.family);
  for (let value = block.first + 1n; value < block.last; value++) {
    const skip = excluded.find((one) => one.first <= value && value <= one.last);
    if (skip) value = skip.last;
    else {
      const key = `${net.name} ${value}`;
      if (taken.has(key)) continue;
      taken.add(key);
      return `${toAddress(value, block.family)}/${block.prefix}`;
    }
  }
  throw new Error(`${net.name}: no address is left in ${subnet}`);
}

/** `0a:58` and the IPv4 address, as OVN-Kubernetes makes it; for anything else, any address of its own. */
function macOf(text: string): string {
  const address = text.split("/")[0] ?? "";
  const four = /^\d+\.\d+\.\d+\.\d+$/.test(address) ? toNumber(address) : undefined;
  const hash = createHash("sha256").update(text).digest();
  const bytes =
    four === undefined ? [...hash.subarray(0, 4)] : [24n, 16n, 8n, 0n].map((shift) => Number((four >> shift) & 255n));
  return ["0a", "58", ...bytes.map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}

/** `addresses` of a port, and its `port_security`: MAC and addresses, or the MAC alone. */
export function securityOf(port: OvnPort): string {
  return [port.mac, ...port.addresses.map((one) => one.split("/")[0] ?? "")].join(" ");
}

/** A pod with its ports and labels, as policies select it. */
export interface PortedPod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly OvnPort[];
}

export interface PortGroup {
  readonly name: string;
  readonly ports: readonly string[];
  readonly acls: readonly Acl[];
}

export interface Acl {
  readonly direction: "to-lport" | "from-lport";
  readonly priority: number;
  readonly match: string;
  readonly action: "drop" | "allow" | "allow-related";
}

interface Peer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly protocol?: string; readonly port?: number; readonly endPort?: number }[];
}

/** The port groups of the policies on networks of OVN; policies on other networks are another controller's. */
export function portGroupsOf(
  objects: readonly KubeObject[],
  pods: readonly PortedPod[],
  namespaces: ReadonlyMap<string, Labels>,
): PortGroup[] {
  return objects
    .filter((object) => object.kind === "MultiNetworkPolicy")
    .flatMap((policy) => {
      const namespace = policy.metadata.namespace ?? "";
      const on = policyNetworks(policy);
      const own = pods
        .filter((pod) => pod.namespace === namespace && selects(specOf(policy).podSelector, pod.labels))
        .flatMap((pod) => pod.ports.filter((port) => on.includes(port.definition)));
      if (own.length === 0) return [];
      return (["ingress", "egress"] as const)
        .filter((direction) => isolates(specOf(policy), direction))
        .map((direction) => groupOf(policy, direction, own, addressesBy(pods, on, namespace, namespaces)));
    });
}

function policyNetworks(policy: KubeObject): string[] {
  const text = policy.metadata.annotations?.["k8s.v1.cni.cncf.io/policy-for"] ?? "";
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return names.map((name) => (name.includes("/") ? name : `${policy.metadata.namespace}/${name}`));
}

/** Addresses of a selector's pods: only those on the policy's own networks, so never a gateway's. */
function addressesBy(
  pods: readonly PortedPod[],
  on: readonly string[],
  own: string,
  namespaces: ReadonlyMap<string, Labels>,
) {
  const names = on.map((one) => one.slice(one.indexOf("/") + 1));
  return ({ podSelector, namespaceSelector }: Peer): string[] =>
    pods
      .filter((pod) =>
        namespaceSelector ? selects(namespaceSelector, namespaces.get(pod.namespace) ?? {}) : pod.namespace === own,
      )
      .filter((pod) => selects(podSelector ?? {}, pod.labels))
      .flatMap((pod) => pod.ports.filter((port) => names.includes(port.network)))
      .flatMap((port) => port.addresses.map((one) => one.split("/")[0] ?? ""));
}

function groupOf(
  policy: KubeObject,
  direction: Direction,
  ports: readonly OvnPort[],
  addressesOf: (peer: Peer) => readonly string[],
): PortGroup {
  const id = `${policy.metadata.namespace}/${policy.metadata.name}/${direction}`;
  const name = `pg_${createHash("sha256").update(id).digest("hex").slice(0, 12)}`;
  const side = direction === "ingress" ? (`outport == @${name}` as const) : (`inport == @${name}` as const);
  const to = direction === "ingress" ? ("to-lport" as const) : ("from-lport" as const);
  const rules = ((at(policy, "spec", direction) as Rule[] | undefined) ?? []).flatMap((rule) =>
    matchesOf(rule, direction, addressesOf),
  );
  return {
    name,
    ports: ports.map((port) => port.name),
    acls: [
      { direction: to, priority: 1000, match: side, action: "drop" },
      { direction: to, priority: 1001, match: `${side} && (arp || nd)`, action: "allow" },
      ...rules.map(
        (match): Acl => ({ direction: to, priority: 1001, match: `${side} && ${match}`, action: "allow-related" }),
      ),
    ],
  };
}

function matchesOf(rule: Rule, direction: Direction, addressesOf: (peer: Peer) => readonly string[]): string[] {
  const peers = (direction === "ingress" ? rule.from : rule.to) ?? [];
  const side = direction === "ingress" ? "src" : "dst";
  const sides = peers.length === 0 ? ["ip"] : peers.flatMap((peer) => peerMatches(peer, side, addressesOf));
  const ports = rule.ports ?? [];
  const services = ports.length === 0 ? ["ip"] : ports.map(portMatch);
  return sides.flatMap((one) => services.map((service) => (service === "ip" ? one : `${one} && ${service}`)));
}

function peerMatches(peer: Peer, side: "src" | "dst", addressesOf: (peer: Peer) => readonly string[]): string[] {
  const field = (text: string) => `ip${text.includes(":") ? 6 : 4}.${side}`;
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    const all = `${field(cidr)} == ${cidr}`;
    return [[all, ...except.map((one) => `${field(one)} != ${one}`)].join(" && ")];
  }
  return addressesOf(peer).map((address) => `${field(address)} == ${address}`);
}

function portMatch({ protocol = "TCP", port, endPort }: NonNullable<Rule["ports"]>[number]): string {
  const name = protocol.toLowerCase();
  if (port === undefined) return name;
  return endPort === undefined ? `${name}.dst == ${port}` : `${name}.dst >= ${port} && ${name}.dst <= ${endPort}`;
}
