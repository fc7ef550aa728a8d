import { distinct } from "../../collections/distinct.ts";
import { contentHash } from "../../net/hash.ts";
import { textAt } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { portsOfPod } from "../model/pods/container-ports.ts";
import { hasMainNetwork, mainOf, type Node, OPEN_PORTS } from "../model/pods/node.ts";
import { subjectsOf } from "../model/policies/default-network.ts";
import type { PodPolicy } from "../model/policies/pod-policy.ts";
import { selectedNodes } from "../model/policies/selected-nodes.ts";
import type { Selector } from "../model/policies/selector.ts";
import type { DefaultGroup } from "./flow.ts";
import { isResolver } from "./resolver.ts";

export interface GroupIndex {
  readonly groups: readonly DefaultGroup[];
  readonly of: ReadonlyMap<Node, DefaultGroup>;
  /** Groups with a pod that the selectors mean; then all their pods are meant. */
  selected(namespaces: Selector | string, pods: Selector): ReadonlySet<DefaultGroup>;
}

const made = new WeakMap<Model, GroupIndex>();

/** Pods grouped so that no policy tells two of a group apart: the same policies hold for them and name them. */
export function defaultGroups(model: Model): GroupIndex {
  const known = made.get(model);
  if (known) return known;
  const nodes = model.nodes.filter((node) => node.type !== "external" && !node.hostNetwork);
  const marks = new Map<Node, string[]>(nodes.map((node) => [node, []]));
  let count = 0;
  const seen = new Set<string>();
  for (const [namespaces, pods] of peersOf(model)) {
    const key = `${typeof namespaces === "string" ? `=${namespaces}` : namespaces.key} | ${pods.key}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const mark = String(count++);
    for (const node of selectedNodes(model, namespaces, pods)) marks.get(node)?.push(mark);
  }
  const policyIds = new Map<object | string, number>();
  const idOf = (policy: object | string) => {
    const id = policyIds.get(policy) ?? policyIds.size;
    policyIds.set(policy, id);
    return id;
  };
  const byName = namesPorts(model);
  const bySignature = new Map<string, Node[]>();
  for (const node of nodes) {
    const { admin, pod, baseline } = subjectsOf(model, node);
    const routes = node.routes.filter((route) => route.to.prefix === 0 || route.interface === "eth0");
    const signature = [
      [...admin, ...baseline].map(idOf).join(","),
      // Policies of two namespaces that say the same treat their pods alike: a zone of many namespaces is one group.
      distinct(pod.map((policy) => idOf(contentOf(policy))))
        .sort()
        .join(","),
      idOf(model.policies.egress.get(node.namespace) ?? "none"),
      (marks.get(node) ?? []).join(","),
      routes.map((route) => `${route.to.family}/${route.to.prefix}@${route.interface}+${route.metric}`).join(","),
      portNames(node, byName),
      mainOf(node)?.domain,
      hasMainNetwork(node) ? node.pod?.annotations[OPEN_PORTS] : isResolver(model, node),
    ].join(" | ");
    const list = bySignature.get(signature);
    if (list) list.push(node);
    else bySignature.set(signature, [node]);
  }
  const groups = [...bySignature.values()].map((list, id) => ({ id, nodes: list, sample: list[0] as Node }));
  const of = new Map(groups.flatMap((group) => group.nodes.map((node) => [node, group] as const)));
  const index: GroupIndex = {
    groups,
    of,
    selected: (namespaces, pods) =>
      new Set(selectedNodes(model, namespaces, pods).map((node) => of.get(node) as DefaultGroup)),
  };
  made.set(model, index);
  return index;
}

const contents = new WeakMap<PodPolicy, string>();

/** What a policy says of the pods that it holds for: long texts as their hash. */
function contentOf(policy: PodPolicy): string {
  const known = contents.get(policy) ?? contentHash(spelt(policy));
  contents.set(policy, known);
  return known;
}

function spelt({ namespace, ingress, egress, only }: PodPolicy): string {
  const rules = (list: PodPolicy["ingress"]) =>
    list?.map(({ peers, services, named }) => [
      services,
      named,
      peers?.map((peer) => {
        if (peer.type === "block") return peer.addresses.map((range) => `${range.family} ${range.start} ${range.end}`);
        return [peer.namespaces ? peer.namespaces.key : `=${namespace}`, peer.pods.key];
      }) ?? "everybody",
    ]) ?? "open";
  return JSON.stringify([rules(ingress), rules(egress), only ? [...only].sort() : "all"]);
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
  if (asked && !node.pod) return "any";
  const ports = portsOfPod(node.pod);
  const named = ports.filter((port) => textAt(port, "name") !== undefined);
  return named.length === 0 ? "" : JSON.stringify(named);
}

/** Every pair of selectors by which a policy names pods on the other end. */
function peersOf(model: Model): (readonly [Selector | string, Selector])[] {
  const found: (readonly [Selector | string, Selector])[] = [];
  for (const policies of model.policies.pod.values())
    for (const policy of policies)
      for (const rule of [...(policy.ingress ?? []), ...(policy.egress ?? [])])
        for (const peer of rule.peers ?? [])
          if (peer.type === "pods") found.push([peer.namespaces ?? policy.namespace, peer.pods]);
  for (const policy of [...model.policies.admin, ...model.policies.baseline])
    for (const rule of [...policy.ingress, ...policy.egress])
      for (const peer of rule.peers) if (peer.type === "pods") found.push([peer.namespaces, peer.pods]);
  return found;
}
