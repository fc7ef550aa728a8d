import { familyOf } from "./address.ts";
import { at, type KubeObject } from "./manifests.ts";
import { type LabelSelector, type Labels, selects } from "./selectors.ts";

/** A pod as a policy sees it: labels, and its addresses on the network that the policy is about. */
export interface PolicyPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
}

export interface PolicyWorld<P extends PolicyPod = PolicyPod> {
  readonly pods: readonly P[];
  readonly namespaces: ReadonlyMap<string, Labels>;
}

export type Direction = "ingress" | "egress";

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Port {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

/** A NetworkPolicy or a MultiNetworkPolicy: both have this spec. */
export interface PolicySpec {
  readonly podSelector: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
}

/** The spec of a policy object; without policyTypes, Egress counts only where egress rules stand. */
export function specOf(policy: KubeObject): PolicySpec {
  return policy.spec as PolicySpec;
}

/** Whether the policy isolates in that direction. */
export function isolates(spec: PolicySpec, direction: Direction): boolean {
  const types = spec.policyTypes ?? (spec.egress ? ["Ingress", "Egress"] : ["Ingress"]);
  return types.includes(direction === "ingress" ? "Ingress" : "Egress");
}

/**
 * The nft matches of one policy's rules: each is what a packet must satisfy, and an empty string matches all. A rule whose
 * peers select nothing gives no match at all.
 */
export function ruleMatches(spec: PolicySpec, namespace: string, direction: Direction, world: PolicyWorld): string[] {
  const rules = (direction === "ingress" ? spec.ingress : spec.egress) ?? [];
  return rules.flatMap((rule) => {
    const peers = (direction === "ingress" ? at(rule, "from") : at(rule, "to")) as readonly Peer[] | undefined;
    const sides =
      peers === undefined || peers.length === 0
        ? [""]
        : peers.flatMap((p) => peerMatches(p, namespace, direction, world));
    const ports = rule.ports === undefined || rule.ports.length === 0 ? [""] : rule.ports.map(portMatch);
    return sides.flatMap((side) => ports.map((port) => `${side} ${port}`.trim()));
  });
}

function peerMatches(peer: Peer, namespace: string, direction: Direction, world: PolicyWorld): string[] {
  if (peer.ipBlock) return [blockMatch(peer.ipBlock.cidr, peer.ipBlock.except ?? [], direction)];
  const pods = world.pods.filter((pod) => {
    const inNamespace = peer.namespaceSelector
      ? selects(peer.namespaceSelector, world.namespaces.get(pod.namespace) ?? {})
      : pod.namespace === namespace;
    return inNamespace && selects(peer.podSelector ?? {}, pod.labels);
  });
  return addressMatches(
    pods.flatMap((pod) => pod.addresses),
    direction,
  );
}

/** Matches of the far side being one of the addresses, at most one per family. */
export function addressMatches(addresses: readonly string[], direction: Direction): string[] {
  const side = direction === "ingress" ? "saddr" : "daddr";
  return ([4, 6] as const).flatMap((family) => {
    const own = addresses.filter((address) => familyOf(address) === family);
    return own.length === 0 ? [] : [`${family === 4 ? "ip" : "ip6"} ${side} { ${own.join(", ")} }`];
  });
}

/** Matches the far side being in the block and in none of the exceptions. */
export function blockMatch(cidr: string, except: readonly string[], direction: Direction): string {
  const protocol = cidr.includes(":") ? "ip6" : "ip";
  const side = `${protocol} ${direction === "ingress" ? "saddr" : "daddr"}`;
  const all = cidr.endsWith("/0") ? `meta nfproto ${protocol === "ip6" ? "ipv6" : "ipv4"}` : `${side} ${cidr}`;
  return except.length === 0 ? all : `${all} ${side} != { ${except.join(", ")} }`;
}

function portMatch(port: Port): string {
  const protocol = (port.protocol ?? "TCP").toLowerCase();
  if (port.port === undefined) return `meta l4proto ${protocol}`;
  if (typeof port.port === "string") throw new Error(`named port ${port.port}: the suite's policy has none`);
  return `${protocol} dport ${port.endPort === undefined ? port.port : `${port.port}-${port.endPort}`}`;
}
