import type { Family } from "../../../net/address.ts";
import { type AddressSet, holdsAll, meets, noAddresses, ofFamily, uniteAll } from "../../headerspace/address-set.ts";
import {
  anyService,
  intersectServices,
  portsOf,
  protocolOf,
  type ServiceSet,
  uniteServices,
  withoutServices,
} from "../../headerspace/service-set.ts";
import { numberAt, textAt } from "../manifests/manifest.ts";
import type { Model } from "../model.ts";
import { portsOfPod } from "../pods/container-ports.ts";
import { mainOf, type Node } from "../pods/node.ts";
import type { AdminPeer, AdminPolicy, AdminRule } from "./admin-policy.ts";
import type { Direction, PodPolicy, PolicyPeer, PolicyRule } from "./pod-policy.ts";
import { MAIN_PROVIDER } from "./policy-for.ts";
import { labelsOf } from "./selected-nodes.ts";
import { selects } from "./selector.ts";
import { subjectIndex } from "./subject-index.ts";

/** Who is on the other end: a pod, or addresses that all policies treat alike. */
export type Remote = { readonly node: Node } | { readonly addresses: AddressSet };

/** Whether a peer means all, some or none of the other end: a pod has any address of the pod network. */
type Share = "all" | "some" | "none";

/** The policies that hold for a pod, in the order they are asked. */
export interface Subjects {
  readonly admin: readonly AdminPolicy[];
  readonly pod: readonly PodPolicy[];
  readonly baseline: readonly AdminPolicy[];
}

interface Known {
  readonly all: Subjects;
  readonly main: Subjects;
}

const subjects = new WeakMap<Model, Map<Node, Known>>();

/** The policies that hold on the main interface of a pod. */
export function subjectsOf(model: Model, node: Node): Subjects {
  return knownOf(model, node).main;
}

/** Those that hold for a pod on any of its interfaces. */
export function allSubjects(model: Model, node: Node): Subjects {
  return knownOf(model, node).all;
}

function knownOf(model: Model, node: Node): Known {
  const known = subjects.get(model) ?? new Map<Node, Known>();
  subjects.set(model, known);
  const found = known.get(node);
  if (found) return found;
  const labels = labelsOf(model, node.namespace);
  const isSubject = ({ subject }: AdminPolicy) =>
    selects(subject.namespaces, labels) && selects(subject.pods, node.labels);
  const all = {
    admin: subjectIndex(model.policies.admin).candidates(node.namespace).filter(isSubject),
    pod: (model.policies.pod.get(node.namespace) ?? []).filter((policy) => selects(policy.pods, node.labels)),
    baseline: subjectIndex(model.policies.baseline).candidates(node.namespace).filter(isSubject),
  };
  const main = { ...all, pod: all.pod.filter((policy) => policy.only?.has(MAIN_PROVIDER) ?? true) };
  const made = { all, main };
  known.set(node, made);
  return made;
}

/** What decided, for those who ask why. */
export interface Decision {
  readonly services: ServiceSet;
  /** The policies that let something through, and those that isolate. */
  readonly by: readonly string[];
}

/** Services that the policies on eth0 of a pod let through, from or to the other end (admin, pods, baseline: in turn). */
export function allowedByPolicy(
  model: Model,
  subject: Node,
  direction: Direction,
  remote: Remote,
  family: Family,
): ServiceSet {
  const { admin, pod, baseline } = subjectsOf(model, subject);
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
  remote: Remote,
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
    if (share === "all") left = withoutServices(left, hit);
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
export function allowedBeyond(model: Model, subject: Node, direction: Direction, rules: RulesBeyond): ServiceSet {
  const first = askRules(rules.admin, () => "all", anyService);
  if (!subjectsOf(model, subject).pod.some((policy) => policy[direction] !== undefined)) {
    const last = askRules(rules.baseline, () => "all", first.undecided);
    return uniteServices(first.accepted, last.accepted, last.undecided);
  }
  const allowed = rules.pod.map((rule) => servicesOf(rule, direction === "ingress" ? subject : undefined));
  return uniteServices(first.accepted, intersectServices(first.undecided, uniteServices(...allowed)));
}

function addressShare(addresses: AddressSet, remote: Remote, family: Family): Share {
  const of = "addresses" in remote ? remote.addresses : (mainOf(remote.node)?.addresses ?? noAddresses);
  const set = ofFamily(of, family);
  if (set.length === 0 || !meets(addresses, set)) return "none";
  return holdsAll(addresses, set) ? "all" : "some";
}

type RuleWithPeers<Peer> = { readonly peers: readonly Peer[] | undefined };

const blocks = new WeakMap<object, AddressSet>();

/** All addresses that a rule names, as one set: its blocks are alternatives. */
export function blocksOf(rule: RuleWithPeers<AdminPeer | PolicyPeer>): AddressSet {
  const known =
    blocks.get(rule) ?? uniteAll((rule.peers ?? []).flatMap((peer) => ("addresses" in peer ? [peer.addresses] : [])));
  blocks.set(rule, known);
  return known;
}

function shareOf<Peer extends AdminPeer | PolicyPeer>(
  rule: RuleWithPeers<Peer>,
  remote: Remote,
  family: Family,
  isPeer: (peer: Peer) => boolean,
): Share {
  const share = addressShare(blocksOf(rule), remote, family);
  return share !== "all" && (rule.peers ?? []).some(isPeer) ? "all" : share;
}

function isAdminPeer(model: Model, peer: AdminPeer, remote: Remote): boolean {
  if (peer.type === "networks" || "addresses" in remote) return false;
  const { node } = remote;
  return selects(peer.namespaces, labelsOf(model, node.namespace)) && selects(peer.pods, node.labels);
}

function ruleShare(model: Model, policy: PodPolicy, rule: PolicyRule, remote: Remote, family: Family): Share {
  if (!rule.peers) return "all";
  return shareOf(rule, remote, family, (peer) => isPodPeer(model, policy, peer, remote));
}

function isPodPeer(model: Model, policy: PodPolicy, peer: PolicyPeer, remote: Remote): boolean {
  if (peer.type === "block" || "addresses" in remote) return false;
  const { node } = remote;
  const inNamespace = peer.namespaces
    ? selects(peer.namespaces, labelsOf(model, node.namespace))
    : node.namespace === policy.namespace;
  return inNamespace && selects(peer.pods, node.labels);
}

/** A rule's services, its port names resolved by the containers of the destination. */
function servicesOf(rule: PolicyRule, destination: Node | undefined): ServiceSet {
  if (rule.named.length === 0) return rule.services;
  // A pod that no manifest shows may call any of its ports so.
  if (destination && !destination.pod)
    return uniteServices(rule.services, ...rule.named.map(({ protocol }) => protocolOf(protocol)));
  const ports = portsOfPod(destination?.pod);
  const named = rule.named.flatMap(({ protocol, name }) =>
    ports
      .filter((port) => textAt(port, "name") === name && (textAt(port, "protocol") ?? "TCP").toLowerCase() === protocol)
      .map((port) => portsOf(protocol, numberAt(port, "containerPort") ?? 0, numberAt(port, "containerPort") ?? 0)),
  );
  return uniteServices(rule.services, ...named);
}
