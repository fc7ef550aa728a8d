import type { Family } from "../../../net/address.ts";
import {
  type AddressSet,
  containsAddresses,
  filterFamily,
  hasCommonAddress,
  noAddresses,
  uniteAllAddresses,
} from "../../headerspace/address-set.ts";
import {
  anyService,
  createPortSet,
  createProtocolSet,
  intersectServices,
  type ServiceSet,
  subtractServices,
  uniteServices,
} from "../../headerspace/service-set.ts";
import { readNumber, readText } from "../manifests/manifest.ts";
import type { Model } from "../model.ts";
import { listPodPorts } from "../pods/container-ports.ts";
import { findPrimaryInterface, type Node } from "../pods/node.ts";
import type { AdminPeer, AdminPolicy, AdminRule } from "./admin-policy.ts";
import type { Direction, PodPolicy, PolicyPeer, PolicyRule } from "./pod-policy.ts";
import { MAIN_PROVIDER } from "./policy-for.ts";
import { readNamespaceLabels } from "./selected-nodes.ts";
import { matchesSelector } from "./selector.ts";
import { createSubjectIndex } from "./subject-index.ts";

/** Who is on the other end: a pod, or addresses that all policies treat alike. */
export type RemoteEnd = { readonly node: Node } | { readonly addresses: AddressSet };

/** Whether a peer means all, some or none of the other end: a pod has any address of the pod network. */
type Share = "all" | "some" | "none";

/** The policies that hold for a pod, in the order they are asked. */
export interface ApplyingPolicies {
  readonly admin: readonly AdminPolicy[];
  readonly pod: readonly PodPolicy[];
  readonly baseline: readonly AdminPolicy[];
}

interface Known {
  readonly all: ApplyingPolicies;
  readonly main: ApplyingPolicies;
}

const subjects = new WeakMap<Model, Map<Node, Known>>();

/** The policies that hold on the main interface of a pod. */
export function findPolicies(model: Model, node: Node): ApplyingPolicies {
  return knownOf(model, node).main;
}

/** Those that hold for a pod on any of its interfaces. */
export function findPoliciesAnywhere(model: Model, node: Node): ApplyingPolicies {
  return knownOf(model, node).all;
}

function knownOf(model: Model, node: Node): Known {
  const known = subjects.get(model) ?? new Map<Node, Known>();
  subjects.set(model, known);
  const found = known.get(node);
  if (found) return found;
  const labels = readNamespaceLabels(model, node.namespace);
  const isSubject = ({ subject }: AdminPolicy) =>
    matchesSelector(subject.namespaces, labels) && matchesSelector(subject.pods, node.labels);
  const all = {
    admin: createSubjectIndex(model.policies.admin).candidates(node.namespace).filter(isSubject),
    pod: (model.policies.pod.get(node.namespace) ?? []).filter((policy) => matchesSelector(policy.pods, node.labels)),
    baseline: createSubjectIndex(model.policies.baseline).candidates(node.namespace).filter(isSubject),
  };
  const main = { ...all, pod: all.pod.filter((policy) => policy.only?.has(MAIN_PROVIDER) ?? true) };
  const made = { all, main };
  known.set(node, made);
  return made;
}

/** What decided, for those who ask why. */
export interface PolicyDecision {
  readonly services: ServiceSet;
  /** The policies that let something through, and those that isolate. */
  readonly by: readonly string[];
}

/** Services that the policies on eth0 of a pod let through, from or to the other end (admin, pods, baseline: in turn). */
export function computeAllowedServices(
  model: Model,
  subject: Node,
  direction: Direction,
  remote: RemoteEnd,
  family: Family,
): ServiceSet {
  const { admin, pod, baseline } = findPolicies(model, subject);
  const ask = (list: readonly AdminPolicy[], services: ServiceSet) =>
    askTier(model, list, direction, remote, family, services);
  const first = ask(admin, anyService);
  const isolating = pod.filter((policy) => policy[direction] !== undefined);
  if (isolating.length === 0) {
    const last = ask(baseline, first.undecided);
    return uniteServices(first.accepted, last.accepted, last.undecided);
  }
  const allowed = isolating.flatMap((policy) =>
    (policy[direction] ?? [])
      .filter((rule) => ruleShare(model, policy, rule, remote, family) !== "none")
      .map((rule) => servicesOf(rule, direction === "ingress" ? subject : "node" in remote ? remote.node : undefined)),
  );
  return uniteServices(first.accepted, intersectServices(first.undecided, uniteServices(...allowed)));
}

function askTier(
  model: Model,
  policies: readonly AdminPolicy[],
  direction: Direction,
  remote: RemoteEnd,
  family: Family,
  services: ServiceSet,
): Asked {
  return askRules(
    policies.flatMap((policy) => policy[direction]),
    (rule) => shareOf(rule, remote, family, (peer) => isAdminPeer(model, peer, remote)),
    services,
  );
}

interface Asked {
  readonly accepted: ServiceSet;
  readonly undecided: ServiceSet;
}

/** Rules in order; `undecided` goes on to the next tier. Where only some match, both outcomes are counted in. */
function askRules(rules: readonly AdminRule[], shareFor: (rule: AdminRule) => Share, services: ServiceSet): Asked {
  let left = services;
  const accepted: ServiceSet[] = [];
  const passed: ServiceSet[] = [];
  for (const rule of rules) {
    if (left.length === 0) break;
    const share = shareFor(rule);
    if (share === "none") continue;
    const hit = intersectServices(left, rule.services);
    if (rule.action === "accept") accepted.push(hit);
    if (rule.action === "pass") passed.push(hit);
    if (share === "all") left = subtractServices(left, hit);
  }
  return { accepted: uniteServices(...accepted), undecided: uniteServices(...passed, left) };
}

/** The rules of each tier that mean some addresses, in the order they are asked. */
export interface RulesBeyond {
  readonly admin: readonly AdminRule[];
  readonly pod: readonly PolicyRule[];
  readonly baseline: readonly AdminRule[];
}

/** Services from or to addresses beyond the pods, where it is known which rules mean all of those. */
export function computeAllowedOutside(
  model: Model,
  subject: Node,
  direction: Direction,
  rules: RulesBeyond,
): ServiceSet {
  const first = askRules(rules.admin, () => "all", anyService);
  if (!findPolicies(model, subject).pod.some((policy) => policy[direction] !== undefined)) {
    const last = askRules(rules.baseline, () => "all", first.undecided);
    return uniteServices(first.accepted, last.accepted, last.undecided);
  }
  const allowed = rules.pod.map((rule) => servicesOf(rule, direction === "ingress" ? subject : undefined));
  return uniteServices(first.accepted, intersectServices(first.undecided, uniteServices(...allowed)));
}

function addressShare(addresses: AddressSet, remote: RemoteEnd, family: Family): Share {
  const of = "addresses" in remote ? remote.addresses : (findPrimaryInterface(remote.node)?.addresses ?? noAddresses);
  const set = filterFamily(of, family);
  if (set.length === 0 || !hasCommonAddress(addresses, set)) return "none";
  return containsAddresses(addresses, set) ? "all" : "some";
}

type RuleWithPeers<Peer> = { readonly peers: readonly Peer[] | undefined };

const blocks = new WeakMap<object, AddressSet>();

/** All addresses that a rule names, as one set: its blocks are alternatives. */
export function collectBlocks(rule: RuleWithPeers<AdminPeer | PolicyPeer>): AddressSet {
  const known =
    blocks.get(rule) ??
    uniteAllAddresses((rule.peers ?? []).flatMap((peer) => ("addresses" in peer ? [peer.addresses] : [])));
  blocks.set(rule, known);
  return known;
}

function shareOf<Peer extends AdminPeer | PolicyPeer>(
  rule: RuleWithPeers<Peer>,
  remote: RemoteEnd,
  family: Family,
  isPeer: (peer: Peer) => boolean,
): Share {
  const share = addressShare(collectBlocks(rule), remote, family);
  return share !== "all" && (rule.peers ?? []).some(isPeer) ? "all" : share;
}

function isAdminPeer(model: Model, peer: AdminPeer, remote: RemoteEnd): boolean {
  if (peer.type === "networks" || "addresses" in remote) return false;
  const { node } = remote;
  return (
    matchesSelector(peer.namespaces, readNamespaceLabels(model, node.namespace)) &&
    matchesSelector(peer.pods, node.labels)
  );
}

function ruleShare(model: Model, policy: PodPolicy, rule: PolicyRule, remote: RemoteEnd, family: Family): Share {
  if (!rule.peers) return "all";
  return shareOf(rule, remote, family, (peer) => isPodPeer(model, policy, peer, remote));
}

function isPodPeer(model: Model, policy: PodPolicy, peer: PolicyPeer, remote: RemoteEnd): boolean {
  if (peer.type === "block" || "addresses" in remote) return false;
  const { node } = remote;
  const inNamespace = peer.namespaces
    ? matchesSelector(peer.namespaces, readNamespaceLabels(model, node.namespace))
    : node.namespace === policy.namespace;
  return inNamespace && matchesSelector(peer.pods, node.labels);
}

/** A rule's services, its port names resolved by the containers of the destination. */
function servicesOf(rule: PolicyRule, destination: Node | undefined): ServiceSet {
  if (rule.named.length === 0) return rule.services;
  // A pod that no manifest shows may call any of its ports so.
  if (destination && !destination.pod)
    return uniteServices(rule.services, ...rule.named.map(({ protocol }) => createProtocolSet(protocol)));
  const ports = listPodPorts(destination?.pod);
  const named = rule.named.flatMap(({ protocol, name }) =>
    ports
      .filter(
        (port) => readText(port, "name") === name && (readText(port, "protocol") ?? "TCP").toLowerCase() === protocol,
      )
      .map((port) =>
        createPortSet(protocol, readNumber(port, "containerPort") ?? 0, readNumber(port, "containerPort") ?? 0),
      ),
  );
  return uniteServices(rule.services, ...named);
}
