import { formatAddress } from "../../../net/address.ts";
import { formatCidr } from "../../../net/cidr.ts";
import { formatAddressSet, uniteAddresses } from "../../headerspace/address-set.ts";
import { noRuntime } from "../gateways/runtime.ts";
import type { Interface, Node, Route } from "./node.ts";

/**
 * Nodes of equal behaviour as one, so that the members of a pair are one gateway. Addresses of their own are joined;
 * everything that decides about packets must be the same. `sameLabels`: whether policies see a difference.
 */
export function mergeGateways(nodes: readonly Node[]): readonly Node[] {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const key = node.type === "gateway" && node.runtime !== noRuntime ? signature(node) : node.id;
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()].map((group) => group.reduce(mergeTwo));
}

function signature(node: Node): string {
  const rules = node.runtime.ruleset?.tables.map((table) =>
    [...table.chains.values()].map((chain) => [chain.name, chain.base, chain.rules.map((rule) => rule.text)]),
  );
  return JSON.stringify([
    node.namespace,
    node.intent,
    node.interfaces.map((one) => [
      one.name,
      one.type === "tunnel" ? "tunnel" : one.domain,
      formatAddressSet(one.virtual),
      one.mtu,
      one.bound !== undefined,
    ]),
    node.interfaces.map((one) => (one.type === "attachment" ? one.reversePath : 0)),
    node.routes.map(formatRoute).sort(),
    [node.forwards4, node.forwards6, node.hostNetwork],
    rules,
    [...node.runtime.tunnels.values()].map((one) => [one.interface, one.allowed.map(formatCidr)]),
    node.runtime.vrrp.map((one) => [one.name, one.interface, one.routerId]),
    node.runtime.groups,
    node.runtime.early,
    node.runtime.misplaced,
  ]);
}

export function formatRoute(route: Route): string {
  const via = route.via ? ` via ${formatAddress(route.via)}` : "";
  const dev = route.interface === undefined ? " unreachable" : ` dev ${route.interface}`;
  return `${formatCidr(route.to)}${via}${dev} metric ${route.metric}${route.answersOnly ? " for answers" : ""}`;
}

function mergeTwo(one: Node, other: Node): Node {
  return {
    ...one,
    id: `${one.id}, ${other.pod?.manifest.name ?? other.id}`,
    interfaces: one.interfaces.map((link): Interface => {
      const same = other.interfaces.find((candidate) => candidate.name === link.name);
      return same ? { ...link, addresses: uniteAddresses(link.addresses, same.addresses) } : link;
    }),
    local: uniteAddresses(one.local, other.local),
    // Each member hears the others: what one of them sends is what the rules of all must let in.
    runtime: { ...one.runtime, vrrp: [...one.runtime.vrrp, ...other.runtime.vrrp] },
  };
}
