import { type AddressSet, everyAddress, noAddresses, setOf, unite, without } from "../../headerspace/address-set.ts";
import { intersectAll, type PacketSet, type Packets, packets, withoutAll } from "../../headerspace/packet-set.ts";
import type { ServiceSet } from "../../headerspace/service-set.ts";
import type { Member, Model } from "../model.ts";
import type { Interface, Node } from "../pods/node.ts";
import type { AdminPeer, AdminPolicy } from "./admin-policy.ts";
import { allSubjects } from "./default-network.ts";
import type { Direction, PodPolicy, PolicyPeer } from "./pod-policy.ts";
import { providerOf } from "./policy-for.ts";
import { labelsOf, selectedNodes } from "./selected-nodes.ts";
import { type Selector, selects } from "./selector.ts";

/** The policies that hold on a port, in the order they are asked. */
interface OnPort {
  readonly admin: readonly AdminPolicy[];
  readonly pod: readonly PodPolicy[];
  readonly baseline: readonly AdminPolicy[];
}

/**
 * Kube-OVN puts NetworkPolicies, and those of admins, on every port that a pod has in OVN, its attachments among them, but
 * for NetworkPolicies that name others (pkg/controller, fetchSelectedPorts and fetchPods). Undefined: no port of it.
 */
export function policiesOnPort(model: Model, node: Node, link: Interface, direction: Direction): OnPort | undefined {
  if (link.type !== "attachment" || link.network?.plugin !== "kube-ovn" || !model.platform.networkPolicy)
    return undefined;
  const provider = providerOf(link.network);
  const { admin, pod, baseline } = allSubjects(model, node);
  const isolating = pod.filter((one) => one[direction] !== undefined && (one.only?.has(provider) ?? true));
  return { admin, pod: isolating, baseline };
}

/** What the policies on a port let through, in or out. OVN lets neighbours of IPv6 find each other whatever they say. */
export function allowedOnPort(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
  box: Packets,
): PacketSet {
  const policies = policiesOnPort(model, node, link, direction);
  if (!policies) return [box];
  const ask = (tier: readonly AdminPolicy[], left: PacketSet) => askTier(model, link, tier, direction, left);
  const first = ask(policies.admin, [box]);
  if (policies.pod.length === 0) {
    const last = ask(policies.baseline, first.undecided);
    return [...first.accepted, ...last.accepted, ...last.undecided];
  }
  const hits = policies.pod.flatMap((policy) =>
    (policy[direction] ?? []).flatMap(({ peers, services }) => {
      const far = peers?.map((peer) => addressesOf(model, policy, peer)).reduce(unite, noAddresses);
      return hitBy(direction, box, far, services);
    }),
  );
  return [...first.accepted, ...disjoint(intersectAll(first.undecided, disjoint(hits)))];
}

/** Rules in order. What is passed, and what none of them means, goes on to the next tier. */
function askTier(
  model: Model,
  link: Interface,
  tier: readonly AdminPolicy[],
  direction: Direction,
  packets: PacketSet,
): { readonly accepted: PacketSet; readonly undecided: PacketSet } {
  let left = packets;
  const accepted: Packets[] = [];
  const passed: Packets[] = [];
  for (const policy of tier)
    for (const { action, peers, services } of policy[direction]) {
      const far = peers.map((peer) => peerOf(model, link, peer, action === "deny")).reduce(unite, noAddresses);
      const hit = left.flatMap((box) => intersectAll([box], hitBy(direction, box, far, services)));
      if (hit.length === 0) continue;
      if (action === "accept") accepted.push(...hit);
      if (action === "pass") passed.push(...hit);
      left = withoutAll(left, hit);
    }
  return { accepted, undecided: [...passed, ...left] };
}

/** `far` undefined: everybody. */
function hitBy(direction: Direction, box: Packets, far: AddressSet | undefined, services: ServiceSet): PacketSet {
  const side = far ?? everyAddress(box.family);
  const hit =
    direction === "ingress"
      ? packets(box.family, side, box.destinations, services)
      : packets(box.family, box.sources, side, services);
  return hit ? [hit] : [];
}

function disjoint(set: PacketSet): PacketSet {
  const all: Packets[] = [];
  for (const box of set) all.push(...withoutAll([box], all));
  return all;
}

function addressesOf(model: Model, policy: PodPolicy, peer: PolicyPeer): AddressSet {
  if (peer.type === "block") return peer.addresses;
  return ofNodes(selectedNodes(model, peer.namespaces ?? policy.namespace, peer.pods), policy.only);
}

/**
 * What is denied is counted on what packets there may come from, since no other pod of the cluster is on it, and only
 * addresses that nobody else there may be given: a pool tells its pods not apart, and whoever is not meant gets through.
 */
function peerOf(model: Model, link: Interface, peer: AdminPeer, denied: boolean): AddressSet {
  if (peer.type === "networks") return peer.addresses;
  if (!denied) return ofNodes(selectedNodes(model, peer.namespaces, peer.pods), undefined);
  return onLinks(model, link.domain, peer.namespaces, peer.pods);
}

const near = new WeakMap<Model, Map<string, readonly Member[]>>();

/** Who is on a link, and on the others of the gateways there: what they forward comes from those. */
function around(model: Model, domain: string): readonly Member[] {
  const known = near.get(model) ?? new Map<string, readonly Member[]>();
  near.set(model, known);
  const before = known.get(domain);
  if (before) return before;
  const members = model.domains.get(domain) ?? [];
  const gateways = members.filter(({ node }) => node.type === "gateway");
  const beyond = gateways.flatMap(({ node }) => node.interfaces.map((one) => one.domain));
  const others = [...new Set(beyond)].filter((one) => one !== domain).flatMap((one) => model.domains.get(one) ?? []);
  const all = [...members, ...others];
  known.set(domain, all);
  return all;
}

const links = new WeakMap<readonly Member[], Map<string, AddressSet>>();

function onLinks(model: Model, domain: string, namespaces: Selector, pods: Selector): AddressSet {
  const members = around(model, domain);
  const known = links.get(members) ?? new Map<string, AddressSet>();
  links.set(members, known);
  const key = `${namespaces.key} | ${pods.key}`;
  const before = known.get(key);
  if (before) return before;
  // It knows the addresses of ports of its own.
  const isMeant = ({ node, interface: one }: Member) =>
    node.type !== "external" &&
    one.network?.plugin === "kube-ovn" &&
    selects(namespaces, labelsOf(model, node.namespace)) &&
    selects(pods, node.labels);
  const of = (some: readonly Member[]) => setOf(some.flatMap((one) => one.interface.addresses));
  const addresses = without(of(members.filter(isMeant)), of(members.filter((one) => !isMeant(one))));
  known.set(key, addresses);
  return addresses;
}

const ports = new WeakMap<readonly Node[], Map<string, AddressSet>>();

/** Addresses that pods have on their ports; `only`: on those of some providers. */
function ofNodes(nodes: readonly Node[], only: ReadonlySet<string> | undefined): AddressSet {
  const known = ports.get(nodes) ?? new Map<string, AddressSet>();
  ports.set(nodes, known);
  const key = only ? [...only].sort().join() : "*";
  const before = known.get(key);
  if (before) return before;
  const own = nodes
    .flatMap((node) => node.interfaces)
    .filter(({ network }) => network?.plugin === "kube-ovn" && (only?.has(providerOf(network)) ?? true));
  const addresses = setOf(own.flatMap((one) => one.addresses));
  known.set(key, addresses);
  return addresses;
}
