import { type AddressSet, everyAddress, noAddresses, setOf, unite } from "../../headerspace/address-set.ts";
import { intersectPackets, type PacketSet, type Packets, packets, withoutAll } from "../../headerspace/packet-set.ts";
import { protocolOf } from "../../headerspace/service-set.ts";
import type { Manifest } from "../manifests/manifest.ts";
import type { Model } from "../model.ts";
import type { Interface, Node } from "../pods/node.ts";
import type { MultiPolicy } from "./multi-network-policy.ts";
import { allowedOnPort, policiesOnPort } from "./on-ovn-port.ts";
import type { Direction, PodPolicy, PolicyPeer } from "./pod-policy.ts";
import { selectedNodes } from "./selected-nodes.ts";
import { selects } from "./selector.ts";

/** The policies of pods that are in force on an interface, in a direction, whoever enforces them. */
export function isolatingOn(model: Model, node: Node, link: Interface, direction: Direction): readonly PodPolicy[] {
  const multi = multiPolicies(model, node, link, direction);
  return [...multi, ...(policiesOnPort(model, node, link, direction)?.pod ?? [])];
}

/** Manifests of all that may cut something off there, policies of admins too. */
export function guardsOn(model: Model, node: Node, link: Interface, direction: Direction): readonly Manifest[] {
  const { admin = [], baseline = [] } = policiesOnPort(model, node, link, direction) ?? {};
  return [...isolatingOn(model, node, link, direction), ...admin, ...baseline].map((one) => one.manifest);
}

/** The policies that a controller of MultiNetworkPolicy puts into force. */
function multiPolicies(model: Model, node: Node, link: Interface, direction: Direction): readonly MultiPolicy[] {
  if (!link.network) return [];
  const key = `${node.namespace} ${link.network.namespace}/${link.network.name}`;
  const policies = model.policies.multi.get(key) ?? [];
  return policies.filter((policy) => policy[direction] !== undefined && selects(policy.pods, node.labels));
}

/** What all policies on an interface let through, in or out of the pod itself: they are enforced one after the other. */
export function allowedOnNetwork(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
  box: Packets,
): PacketSet {
  const allowed = allowedByMultiPolicy(model, node, link, direction, box);
  return allowed.flatMap((one) => allowedOnPort(model, node, link, direction, one));
}

/**
 * What MultiNetworkPolicy lets through on an interface, in or out of the pod itself: the hooks are INPUT and OUTPUT, so
 * what a pod forwards is never asked. No policy: everything. ICMPv6 is all or nothing, and nothing is no neighbour.
 */
function allowedByMultiPolicy(
  model: Model,
  node: Node,
  link: Interface,
  direction: Direction,
  box: Packets,
): PacketSet {
  const policies = multiPolicies(model, node, link, direction);
  if (policies.length === 0) return [box];
  const allowed: Packets[] = [];
  if (box.family === 6) {
    if (!model.platform.multiNetworkPolicy?.acceptIcmp6) return [];
    const icmp = intersectPackets(box, { ...box, services: protocolOf("icmp") });
    if (icmp) allowed.push(icmp);
  }
  for (const policy of policies)
    for (const rule of policy[direction] ?? []) {
      const far = rule.peers?.reduce<AddressSet>(
        (all, peer) => unite(all, peerAddresses(model, policy, peer)),
        noAddresses,
      );
      const side = far ?? everyAddress(box.family);
      const hit =
        direction === "ingress"
          ? packets(box.family, side, box.destinations, rule.services)
          : packets(box.family, box.sources, side, rule.services);
      const both = hit && intersectPackets(box, hit);
      if (both) allowed.push(...withoutAll([both], allowed));
    }
  return allowed;
}

const resolved = new WeakMap<PolicyPeer, AddressSet>();

/** Addresses of a peer. Selectors mean the addresses that pods have on the policy's own networks, and no others. */
function peerAddresses(model: Model, policy: MultiPolicy, peer: PolicyPeer): AddressSet {
  if (peer.type === "block") return peer.addresses;
  const known = resolved.get(peer);
  if (known) return known;
  const ranges = selectedNodes(model, peer.namespaces ?? policy.namespace, peer.pods)
    .flatMap((node) => node.interfaces)
    .filter((one) => one.network && policy.networks.includes(`${one.network.namespace}/${one.network.name}`))
    .flatMap((one) => one.addresses);
  const addresses = setOf(ranges);
  resolved.set(peer, addresses);
  return addresses;
}
