import {
  type AddressSet,
  createAddressSet,
  listAllAddresses,
  noAddresses,
  subtractAddresses,
  uniteAddresses,
} from "../../headerspace/address-set.ts";
import {
  createBox,
  type HeaderBox,
  type HeaderSpace,
  intersectSpaces,
  subtractSpaces,
} from "../../headerspace/packet-set.ts";
import type { ServiceSet } from "../../headerspace/service-set.ts";
import type { DomainMember, Model } from "../model.ts";
import type { Interface, Node } from "../pods/node.ts";
import type { AdminPeer, AdminPolicy } from "./admin-policy.ts";
import type { Direction, PodPolicy, PolicyPeer } from "./pod-policy.ts";
import { formatOvnProvider } from "./policy-for.ts";
import { findPoliciesAnywhere } from "./primary-network.ts";
import { readNamespaceLabels, selectNodes } from "./selected-nodes.ts";
import { matchesSelector, type Selector } from "./selector.ts";

/** The policies that hold on a port, in the order they are asked. */
interface PortPolicies {
  readonly admin: readonly AdminPolicy[];
  readonly pod: readonly PodPolicy[];
  readonly baseline: readonly AdminPolicy[];
}

/**
 * Kube-OVN puts NetworkPolicies, and those of admins, on every port that a pod has in OVN, its attachments among them, but
 * for NetworkPolicies that name others (pkg/controller, fetchSelectedPorts and fetchPods). Undefined: no port of it.
 */
export function findPortPolicies(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
): PortPolicies | undefined {
  if (link.type !== "attachment" || link.network?.plugin !== "kube-ovn" || !model.platform.networkPolicy)
    return undefined;
  const provider = formatOvnProvider(link.network);
  const { admin, pod, baseline } = findPoliciesAnywhere(model, node);
  const isolating = pod.filter((one) => one[direction] !== undefined && (one.only?.has(provider) ?? true));
  return { admin, pod: isolating, baseline };
}

/** What the policies on a port let through, in or out. OVN lets neighbours of IPv6 find each other whatever they say. */
export function computeAllowedOnPort(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
  box: HeaderBox,
): HeaderSpace {
  const policies = findPortPolicies(model, node, link, direction);
  if (!policies) return [box];
  const ask = (tier: readonly AdminPolicy[], left: HeaderSpace) => askTier(model, link, tier, direction, left);
  const first = ask(policies.admin, [box]);
  if (policies.pod.length === 0) {
    const last = ask(policies.baseline, first.undecided);
    return [...first.accepted, ...last.accepted, ...last.undecided];
  }
  const hits = policies.pod.flatMap((policy) =>
    (policy[direction] ?? []).flatMap(({ peers, services }) => {
      const far = peers?.map((peer) => addressesOf(model, policy, peer)).reduce(uniteAddresses, noAddresses);
      return listHits(direction, box, far, services);
    }),
  );
  return [...first.accepted, ...makeDisjoint(intersectSpaces(first.undecided, makeDisjoint(hits)))];
}

/** Rules in order. What is passed, and what none of them means, goes on to the next tier. */
function askTier(
  model: Model,
  link: Interface,
  tier: readonly AdminPolicy[],
  direction: Direction,
  packets: HeaderSpace,
): { readonly accepted: HeaderSpace; readonly undecided: HeaderSpace } {
  let left = packets;
  const accepted: HeaderBox[] = [];
  const passed: HeaderBox[] = [];
  for (const policy of tier)
    for (const { action, peers, services } of policy[direction]) {
      const far = peers.map((peer) => peerOf(model, link, peer, action === "deny")).reduce(uniteAddresses, noAddresses);
      const hit = left.flatMap((box) => intersectSpaces([box], listHits(direction, box, far, services)));
      if (hit.length === 0) continue;
      if (action === "accept") accepted.push(...hit);
      if (action === "pass") passed.push(...hit);
      left = subtractSpaces(left, hit);
    }
  return { accepted, undecided: [...passed, ...left] };
}

/** `far` undefined: everybody. */
function listHits(
  direction: Direction,
  box: HeaderBox,
  far: AddressSet | undefined,
  services: ServiceSet,
): HeaderSpace {
  const side = far ?? listAllAddresses(box.family);
  const hit =
    direction === "ingress"
      ? createBox(box.family, side, box.destinations, services)
      : createBox(box.family, box.sources, side, services);
  return hit ? [hit] : [];
}

function makeDisjoint(set: HeaderSpace): HeaderSpace {
  const all: HeaderBox[] = [];
  for (const box of set) all.push(...subtractSpaces([box], all));
  return all;
}

function addressesOf(model: Model, policy: PodPolicy, peer: PolicyPeer): AddressSet {
  if (peer.type === "block") return peer.addresses;
  return collectPortAddresses(selectNodes(model, peer.namespaces ?? policy.namespace, peer.pods), policy.only);
}

/**
 * What is denied is counted on what packets there may come from, since no other pod of the cluster is on it, and only
 * addresses that nobody else there may be given: a pool tells its pods not apart, and whoever is not meant gets through.
 */
function peerOf(model: Model, link: Interface, peer: AdminPeer, denied: boolean): AddressSet {
  if (peer.type === "networks") return peer.addresses;
  if (!denied) return collectPortAddresses(selectNodes(model, peer.namespaces, peer.pods), undefined);
  return collectLinkAddresses(model, link.domain, peer.namespaces, peer.pods);
}

const near = new WeakMap<Model, Map<string, readonly DomainMember[]>>();

/** Who is on a link, and on the others of the gateways there: what they forward comes from those. */
function listMembersAround(model: Model, domain: string): readonly DomainMember[] {
  const known = near.get(model) ?? new Map<string, readonly DomainMember[]>();
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

const links = new WeakMap<readonly DomainMember[], Map<string, AddressSet>>();

function collectLinkAddresses(model: Model, domain: string, namespaces: Selector, pods: Selector): AddressSet {
  const members = listMembersAround(model, domain);
  const known = links.get(members) ?? new Map<string, AddressSet>();
  links.set(members, known);
  const key = `${namespaces.key} | ${pods.key}`;
  const before = known.get(key);
  if (before) return before;
  // It knows the addresses of ports of its own.
  const isMeant = ({ node, interface: one }: DomainMember) =>
    node.type !== "external" &&
    one.network?.plugin === "kube-ovn" &&
    matchesSelector(namespaces, readNamespaceLabels(model, node.namespace)) &&
    matchesSelector(pods, node.labels);
  const of = (some: readonly DomainMember[]) => createAddressSet(some.flatMap((one) => one.interface.addresses));
  const addresses = subtractAddresses(of(members.filter(isMeant)), of(members.filter((one) => !isMeant(one))));
  known.set(key, addresses);
  return addresses;
}

const ports = new WeakMap<readonly Node[], Map<string, AddressSet>>();

/** Addresses that pods have on their ports; `only`: on those of some providers. */
function collectPortAddresses(nodes: readonly Node[], only: ReadonlySet<string> | undefined): AddressSet {
  const known = ports.get(nodes) ?? new Map<string, AddressSet>();
  ports.set(nodes, known);
  const key = only ? [...only].sort().join() : "*";
  const before = known.get(key);
  if (before) return before;
  const own = nodes
    .flatMap((node) => node.interfaces)
    .filter(({ network }) => network?.plugin === "kube-ovn" && (only?.has(formatOvnProvider(network)) ?? true));
  const addresses = createAddressSet(own.flatMap((one) => one.addresses));
  known.set(key, addresses);
  return addresses;
}
