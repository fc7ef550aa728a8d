import { groupBy } from "../../collections/group-by.ts";
import { formatAddressSet } from "../headerspace/address-set.ts";
import { groupByDomain } from "../model/domains.ts";
import type { Model } from "../model/model.ts";
import { hasPoolAddress } from "../model/pods/merge-equivalent.ts";
import { formatRoute } from "../model/pods/merge-nodes.ts";
import { type Interface, listWorkloadIds, type Node } from "../model/pods/node.ts";
import type { MultiPolicy } from "../model/policies/multi-network-policy.ts";
import { findPortPolicies } from "../model/policies/on-ovn-port.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import { listMultiPolicies, listPeerAddresses } from "../model/policies/secondary-network.ts";

const made = new WeakMap<Model, Model>();

/**
 * The same cluster with pods as one where nothing tells them apart on their own networks, whatever policies of eth0 say:
 * so a zone of many workloads is as quick as a zone of one. `told` says which pods the intents tell apart.
 */
export function buildSecondaryModel(model: Model, told: (node: Node) => string): Model {
  const known = made.get(model);
  if (known) return known;
  const spelt = new Map<MultiPolicy, string>();
  const groups = groupBy(model.nodes, (node) =>
    node.type === "workload" && hasPoolAddress(node) && !isOnOvn(model, node)
      ? signature(model, node, told, spelt)
      : node.id,
  );
  const nodes = [...groups.values()].map((group): Node => {
    const [first, ...others] = group as [Node, ...Node[]];
    return others.length === 0 ? first : { ...first, alike: group.flatMap(listWorkloadIds).slice(1), parts: group };
  });
  const merged = nodes.length === model.nodes.length ? model : { ...model, nodes, domains: groupByDomain(nodes) };
  made.set(model, merged);
  return merged;
}

/** There the policies of eth0 hold on other networks too. */
function isOnOvn(model: Model, node: Node): boolean {
  return node.interfaces.some((link) => findPortPolicies(model, node, link, "ingress") !== undefined);
}

function signature(model: Model, node: Node, told: (node: Node) => string, spelt: Map<MultiPolicy, string>): string {
  const links = node.interfaces.map((one) => linkKey(model, node, one, spelt));
  return JSON.stringify([told(node), ...links, node.routes.map(formatRoute)]);
}

function linkKey(model: Model, node: Node, link: Interface, spelt: Map<MultiPolicy, string>): readonly unknown[] {
  if (link.type === "default") return [link.name, link.domain];
  const policies = (["ingress", "egress"] as const).map((direction) =>
    listMultiPolicies(model, node, link, direction).map((policy) => {
      const text =
        spelt.get(policy) ?? JSON.stringify([content(model, policy, "ingress"), content(model, policy, "egress")]);
      spelt.set(policy, text);
      return text;
    }),
  );
  const { name, type, domain, network, mtu, mac, reversePath } = link;
  const intent = network?.manifest.intent;
  const addresses = [link.addresses, link.virtual, link.bound ?? []].map(formatAddressSet);
  return [name, type, domain, network?.plugin, intent, addresses, mtu, mac, reversePath, policies];
}

/** What a policy says, with the addresses of those whom it names. */
function content(model: Model, policy: MultiPolicy, direction: Direction): unknown {
  return policy[direction]?.map(({ peers, services, named }) => [
    services,
    named,
    peers?.map((peer) => formatAddressSet(listPeerAddresses(model, policy, peer))),
  ]);
}
