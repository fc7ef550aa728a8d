import {
  type AddressSet,
  allAddresses,
  createAddressSet,
  intersectAddresses,
  uniteAllAddresses,
} from "../../headerspace/address-set.ts";
import { createBox, type HeaderBox, type HeaderSpace, intersectBoxes } from "../../headerspace/packet-set.ts";
import { createRangeIndex } from "../../headerspace/range-index.ts";
import { createProtocolSet, intersectServices, subtractServices } from "../../headerspace/service-set.ts";
import { type AddressedServices, splitByAddress } from "../../headerspace/services-by-address.ts";
import type { ReadManifest } from "../manifests/manifest.ts";
import type { Model, Policies } from "../model.ts";
import type { Interface, Node } from "../pods/node.ts";
import type { MultiPolicy } from "./multi-network-policy.ts";
import { computeAllowedOnPort, findPortPolicies } from "./on-ovn-port.ts";
import type { Direction, PodPolicy, PolicyPeer } from "./pod-policy.ts";
import { selectNodes } from "./selected-nodes.ts";
import { matchesSelector } from "./selector.ts";

/** The policies of pods that are in force on an interface, in a direction, whoever enforces them. */
export function listIsolatingPolicies(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
): readonly PodPolicy[] {
  const multi = listMultiPolicies(model, node, link, direction);
  return [...multi, ...(findPortPolicies(model, node, link, direction)?.pod ?? [])];
}

/** Manifests of all that may cut something off there, policies of admins too. */
export function listPolicyManifests(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
): readonly ReadManifest[] {
  const { admin = [], baseline = [] } = findPortPolicies(model, node, link, direction) ?? {};
  return [...listIsolatingPolicies(model, node, link, direction), ...admin, ...baseline].map((one) => one.manifest);
}

/** The policies that a controller of MultiNetworkPolicy puts into force. */
export function listMultiPolicies(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
): readonly MultiPolicy[] {
  if (!link.network) return [];
  const ofNodes = onLinks.get(model.policies.multi) ?? new WeakMap<Node, Map<string, readonly MultiPolicy[]>>();
  onLinks.set(model.policies.multi, ofNodes);
  const known = ofNodes.get(node) ?? new Map<string, readonly MultiPolicy[]>();
  ofNodes.set(node, known);
  const key = `${direction} ${link.name}`;
  const before = known.get(key);
  if (before) return before;
  const all = model.policies.multi.get(`${node.namespace} ${link.network.namespace}/${link.network.name}`) ?? [];
  const found = all.filter((policy) => policy[direction] !== undefined && matchesSelector(policy.pods, node.labels));
  known.set(key, found);
  return found;
}

const onLinks = new WeakMap<Policies["multi"], WeakMap<Node, Map<string, readonly MultiPolicy[]>>>();

/** What all policies on an interface let through, in or out of the pod itself: they are enforced one after the other. */
export function computeAllowedOnNetwork(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
  box: HeaderBox,
): HeaderSpace {
  const allowed = allowedByMultiPolicy(model, node, link, direction, box);
  return allowed.flatMap((one) => computeAllowedOnPort(model, node, link, direction, one));
}

/**
 * What MultiNetworkPolicy lets through on an interface, in or out of the pod itself: the hooks are INPUT and OUTPUT, so
 * what a pod forwards is never asked. No policy: everything. To the controller of other plugins, ICMPv6 is all or nothing,
 * and nothing is no neighbour; OVN always passes neighbour discovery, and any other ICMPv6 as its policies say.
 */
function allowedByMultiPolicy(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
  box: HeaderBox,
): HeaderSpace {
  const policies = listMultiPolicies(model, node, link, direction);
  if (policies.length === 0) return [box];
  const allowed: HeaderBox[] = [];
  const ofController = box.family === 6 && link.network?.plugin !== OVN;
  if (ofController) {
    if (!model.platform.multiNetworkPolicy?.acceptIcmp6) return [];
    const icmp = intersectBoxes(box, { ...box, services: createProtocolSet("icmp") });
    if (icmp) allowed.push(icmp);
  }
  // ICMPv6 was allowed as a whole.
  const rest = ofController ? subtractServices(box.services, createProtocolSet("icmp")) : box.services;
  const far = farSides(model, node, link, direction, policies);
  for (const { addresses, services } of far.meeting(direction === "ingress" ? box.sources : box.destinations)) {
    const hit =
      direction === "ingress"
        ? createBox(
            box.family,
            intersectAddresses(box.sources, addresses),
            box.destinations,
            intersectServices(rest, services),
          )
        : createBox(
            box.family,
            box.sources,
            intersectAddresses(box.destinations, addresses),
            intersectServices(rest, services),
          );
    if (hit) allowed.push(hit);
  }
  return allowed;
}

/** What OVN-Kubernetes attaches pods by; it enforces MultiNetworkPolicy itself, by ACLs on the pod's port. */
const OVN = "ovn-k8s-cni-overlay";

interface FarSides {
  /** Those parts that hold any of some addresses. */
  meeting(set: AddressSet): readonly AddressedServices[];
}

/** Below that, looking at each part is faster. */
const FEW = 16;

function partsByAddress(parts: readonly AddressedServices[]): FarSides {
  if (parts.length < FEW) return { meeting: () => parts };
  const index = createRangeIndex(parts.map((one) => one.addresses));
  return { meeting: (set) => index.findOverlapping(set).map((at) => parts[at] as AddressedServices) };
}

const sides = new WeakMap<Policies["multi"], WeakMap<Node, Map<string, FarSides>>>();

/** What the rules of all policies allow, in parts that share no address of the other end: a thousand rules are asked once. */
function farSides(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
  policies: readonly MultiPolicy[],
): FarSides {
  const ofNodes = sides.get(model.policies.multi) ?? new WeakMap<Node, Map<string, FarSides>>();
  sides.set(model.policies.multi, ofNodes);
  const known = ofNodes.get(node) ?? new Map<string, FarSides>();
  ofNodes.set(node, known);
  const key = `${direction} ${link.name}`;
  const before = known.get(key);
  if (before) return before;
  const items = policies.flatMap((policy) =>
    (policy[direction] ?? []).map(({ peers, services }) => ({
      addresses: peers ? uniteAllAddresses(peers.map((peer) => listPeerAddresses(model, policy, peer))) : allAddresses,
      services,
    })),
  );
  const made = partsByAddress(splitByAddress(items));
  known.set(key, made);
  return made;
}

const resolved = new WeakMap<PolicyPeer, AddressSet>();

/** Addresses of a peer. Selectors mean the addresses that pods have on the policy's own networks, and no others. */
export function listPeerAddresses(model: Model, policy: MultiPolicy, peer: PolicyPeer): AddressSet {
  if (peer.type === "block") return peer.addresses;
  const known = resolved.get(peer);
  if (known) return known;
  const ranges = selectNodes(model, peer.namespaces ?? policy.namespace, peer.pods)
    .flatMap((node) => node.interfaces)
    .filter((one) => one.network && policy.networks.includes(`${one.network.namespace}/${one.network.name}`))
    .flatMap((one) => one.addresses);
  const addresses = createAddressSet(ranges);
  resolved.set(peer, addresses);
  return addresses;
}
