import { formatAddressSet } from "../headerspace/address-set.ts";
import { readText } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { listPodPorts } from "../model/pods/container-ports.ts";
import { findPrimaryInterface, hasPrimaryNetwork, type Node, OPEN_PORTS } from "../model/pods/node.ts";
import type { AdminPolicy } from "../model/policies/admin-policy.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import { findPolicies } from "../model/policies/primary-network.ts";
import type { Selector } from "../model/policies/selector.ts";
import type { PodGroup } from "./flow.ts";
import { type PodSelection, type PolicyEffect, type PolicyEffects, readEffects } from "./pod-effects.ts";
import { isResolver } from "./resolver.ts";

/** Pods as senders, or as receivers. */
export interface GroupedPods {
  readonly groups: readonly SideGroup[];
  readonly of: ReadonlyMap<Node, SideGroup>;
  /** Groups with a pod that the selectors mean. */
  selected(namespaces: Selector | string, pods: Selector): ReadonlySet<SideGroup>;
}

/** Pods that are alike on one side of a connection. */
export interface SideGroup extends PodGroup {
  /** Equal for groups whose own policies let the same through. */
  readonly own: number;
  /** Equal for groups that the policies of the other side treat alike. */
  readonly seen: number;
}

export interface GroupIndex {
  readonly senders: GroupedPods;
  readonly receivers: GroupedPods;
}

const made = new WeakMap<Model, GroupIndex>();

/**
 * Pods grouped so that no policy tells two of a group apart: the same may leave them, or reach them, and the policies of
 * the other end name them alike. Who is alike as a sender need not be alike as a receiver: so there are fewer groups.
 */
export function groupForPrimary(model: Model): GroupIndex {
  const known = made.get(model);
  if (known) return known;
  const nodes = model.nodes.filter((node) => node.type !== "external" && !node.hostNetwork);
  const effects = readEffects(model);
  const egress = effectsByNode(model, nodes, effects, "egress");
  const ingress = effectsByNode(model, nodes, effects, "ingress");
  const index: GroupIndex = {
    senders: groupPods(model, nodes, effects, { direction: "egress", own: egress, other: ingress }),
    receivers: groupPods(model, nodes, effects, { direction: "ingress", own: ingress, other: egress }),
  };
  made.set(model, index);
  return index;
}

/** What the policies of pods do; undefined: none of them isolates in that direction. */
type EffectsByNode = ReadonlyMap<Node, PolicyEffect | undefined>;

function effectsByNode(
  model: Model,
  nodes: readonly Node[],
  effects: PolicyEffects,
  direction: Direction,
): EffectsByNode {
  return new Map(
    nodes.map((node) => {
      const isolating = findPolicies(model, node).pod.filter((policy) => policy[direction] !== undefined);
      return [node, isolating.length === 0 ? undefined : effects.of(isolating, direction)] as const;
    }),
  );
}

interface Perspective {
  readonly direction: Direction;
  readonly own: EffectsByNode;
  readonly other: EffectsByNode;
}

function groupPods(
  model: Model,
  nodes: readonly Node[],
  effects: PolicyEffects,
  { direction, own, other }: Perspective,
): GroupedPods {
  const marks = marksOf(model, nodes, effects, other, direction === "egress" ? "ingress" : "egress");
  const byName = direction === "ingress" && namesPorts(model);
  const [owns, seens, adminIds] = [numbered(), numbered(), numbered()];
  const adminKey = (policies: readonly AdminPolicy[]) =>
    policies.flatMap((one) => (one[direction].length > 0 ? [adminIds(formatRules(one, direction))] : [])).join(",");
  const bySignature = new Map<string, { own: number; seen: number; nodes: Node[] }>();
  for (const node of nodes) {
    const { admin, baseline } = findPolicies(model, node);
    const effect = own.get(node);
    const ports = portNames(node, byName);
    const mine = owns([adminKey(admin), effect ? effect.key : `open ${adminKey(baseline)}`, ports].join(" | "));
    const seen = seens([(marks.get(node) ?? []).join(","), addressesOf(node), ports].join(" | "));
    const key = `${mine} ${seen} ${behaviour(model, node)}`;
    const group = bySignature.get(key);
    if (group) group.nodes.push(node);
    else bySignature.set(key, { own: mine, seen, nodes: [node] });
  }
  const groups = [...bySignature.values()].map((one, id) => ({ id, ...one, sample: one.nodes[0] as Node }));
  const of = new Map(groups.flatMap((group) => group.nodes.map((node) => [node, group] as const)));
  const selected = new Map<PodSelection, ReadonlySet<SideGroup>>();
  return {
    groups,
    of,
    selected(namespaces, pods) {
      const selection = effects.selection(namespaces, pods);
      const found = selected.get(selection) ?? new Set([...selection.nodes].map((node) => of.get(node) as SideGroup));
      selected.set(selection, found);
      return found;
    },
  };
}

function numbered(): (key: string) => number {
  const ids = new Map<string, number>();
  return (key) => {
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  };
}

/** Which selections of the other side's policies mean a pod. */
function marksOf(
  model: Model,
  nodes: readonly Node[],
  effects: PolicyEffects,
  other: EffectsByNode,
  direction: Direction,
): ReadonlyMap<Node, readonly number[]> {
  const used = new Set<PodSelection>();
  for (const effect of new Set(other.values())) for (const one of effect?.selections ?? []) used.add(one);
  for (const policy of [...model.policies.admin, ...model.policies.baseline])
    for (const rule of policy[direction])
      for (const peer of rule.peers) if (peer.type === "pods") used.add(effects.selection(peer.namespaces, peer.pods));
  const marks = new Map<Node, number[]>(nodes.map((node) => [node, []]));
  for (const one of used) for (const node of one.nodes) marks.get(node)?.push(one.id);
  return marks;
}

const spelt = new WeakMap<AdminPolicy, Map<Direction, string>>();

/** What an admin policy says of its subjects: policies of two subjects may say the same. */
function formatRules(policy: AdminPolicy, direction: Direction): string {
  const known = spelt.get(policy) ?? new Map<Direction, string>();
  spelt.set(policy, known);
  const text =
    known.get(direction) ??
    JSON.stringify(
      policy[direction].map(({ action, peers, services }) => [
        action,
        services,
        peers.map((peer) =>
          peer.type === "pods" ? [peer.namespaces.key, peer.pods.key] : formatAddressSet(peer.addresses),
        ),
      ]),
    );
  known.set(direction, text);
  return text;
}

const addresses = new WeakMap<object, string>();

function addressesOf(node: Node): string {
  const set = findPrimaryInterface(node)?.addresses ?? [];
  const text = addresses.get(set) ?? formatAddressSet(set);
  addresses.set(set, text);
  return text;
}

/** What decides besides the policies of pods and of administrators. */
function behaviour(model: Model, node: Node): string {
  const routes = node.routes.filter((route) => route.to.prefix === 0 || route.interface === "eth0");
  return [
    model.policies.egress.has(node.namespace) ? node.namespace : "",
    routes.map((route) => `${route.to.family}/${route.to.prefix}@${route.interface}+${route.metric}`).join(","),
    findPrimaryInterface(node)?.domain,
    hasPrimaryNetwork(node) ? node.pod?.annotations[OPEN_PORTS] : isResolver(model, node),
  ].join(" | ");
}

/** Whether any policy of pods means ports by name. */
function namesPorts(model: Model): boolean {
  for (const policies of model.policies.pod.values())
    for (const { ingress, egress } of policies)
      if ([...(ingress ?? []), ...(egress ?? [])].some((rule) => rule.named.length > 0)) return true;
  return false;
}

/** Ports by name, since a policy may mean them so. Of a pod that no manifest shows they may be any. */
function portNames(node: Node, asked: boolean): string {
  if (!asked) return "";
  if (!node.pod) return "any";
  const named = listPodPorts(node.pod).filter((port) => readText(port, "name") !== undefined);
  return named.length === 0 ? "" : JSON.stringify(named);
}
