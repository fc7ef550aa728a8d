import { pushTo } from "../../../collections/push-to.ts";
import { formatAddressSet, uniteAddresses } from "../../headerspace/address-set.ts";
import { isFields, readText } from "../manifests/manifest.ts";
import type { Policies } from "../model.ts";
import { matchesSelector, type Selector } from "../policies/selector.ts";
import { listPodPorts } from "./container-ports.ts";
import { formatRoute } from "./merge-nodes.ts";
import { type Node, OPEN_PORTS } from "./node.ts";

/**
 * Workloads of one namespace as one node where nothing tells their pods apart: the same networks, addresses from the same
 * ranges, the same routes, and no policy that means the one and not the other. A zone of many workloads is then as quick
 * as a zone of one.
 */
export function mergeEquivalentNodes(nodes: readonly Node[], policies: Policies): readonly Node[] {
  const told = tellApart(policies);
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const key = node.type === "workload" && hasPoolAddress(node) ? signature(node, told) : node.id;
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()].map((group) => {
    const [first, ...others] = group as [Node, ...Node[]];
    return others.length === 0 ? first : { ...first, alike: others.map((node) => node.id) };
  });
}

/** Pods with addresses of their own are told apart by them, and those that forward by what they are. */
export function hasPoolAddress(node: Node): boolean {
  if (node.forwards4 || node.forwards6 || node.hostNetwork) return false;
  return node.interfaces.every((one) => one.type === "default" || (one.network?.pools.length ?? 0) > 0);
}

function signature(node: Node, told: (node: Node) => string): string {
  const links = node.interfaces.map((one) => {
    const network = one.network ? `${one.network.namespace}/${one.network.name}` : "";
    return [
      one.name,
      one.domain,
      network,
      formatAddressSet(uniteAddresses(one.addresses, one.virtual)),
      one.mtu,
      one.mac,
      one.reversePath,
    ].join(" ");
  });
  const ports = listPodPorts(node.pod).filter(
    (port) => isFields(port) && (port.name !== undefined || port.hostPort !== undefined),
  );
  const dns = readText(node.pod?.spec, "dnsPolicy") ?? "";
  const opened = node.pod?.annotations[OPEN_PORTS] ?? "";
  return [
    node.namespace,
    opened,
    ...links,
    ...node.routes.map(formatRoute),
    JSON.stringify(ports),
    dns,
    told(node),
  ].join(" | ");
}

/** Which selectors mean a pod, but for those that mean everybody. By their first value this is a look-up. */
function tellApart(policies: Policies): (node: Node) => string {
  const distinct = new Map<string, Selector>();
  for (const selector of selectorsOf(policies)) if (selector.key !== "") distinct.set(selector.key, selector);
  const byValue = new Map<string, Selector[]>();
  const others: Selector[] = [];
  for (const selector of distinct.values()) {
    const first = selector.requirements.find((one) => one.operator === "In");
    if (!first) others.push(selector);
    else for (const value of first.values) pushTo(byValue, `${first.key}=${value}`, selector);
  }
  return (node) => {
    const candidates = Object.entries(node.labels).flatMap(([key, value]) => byValue.get(`${key}=${value}`) ?? []);
    const met = [...new Set([...candidates, ...others])].filter((selector) => matchesSelector(selector, node.labels));
    return met
      .map((selector) => selector.key)
      .sort()
      .join(" & ");
  };
}

function selectorsOf(policies: Policies): readonly Selector[] {
  const found: Selector[] = [];
  for (const policy of [...policies.pod.values(), ...policies.multi.values()].flat()) {
    found.push(policy.pods);
    for (const rule of [...(policy.ingress ?? []), ...(policy.egress ?? [])])
      for (const peer of rule.peers ?? []) if (peer.type === "pods") found.push(peer.pods);
  }
  for (const policy of [...policies.admin, ...policies.baseline]) {
    found.push(policy.subject.pods);
    for (const rule of [...policy.ingress, ...policy.egress])
      for (const peer of rule.peers) if (peer.type === "pods") found.push(peer.pods);
  }
  return found;
}
