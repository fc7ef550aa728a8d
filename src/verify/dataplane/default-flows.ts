import { groupBy } from "../../collections/group-by.ts";
import type { Family } from "../../net/address.ts";
import {
  type AddressSet,
  everyAddress,
  intersect,
  meets,
  noAddresses,
  setOfCidrs,
  unite,
  uniteAll,
  without,
} from "../headerspace/address-set.ts";
import { anyService, everyService, intersectServices, type ServiceSet } from "../headerspace/service-set.ts";
import { splitAlong } from "../headerspace/split-along.ts";
import type { Model } from "../model/model.ts";
import { ETH0, mainOf, type Node } from "../model/pods/node.ts";
import { lookUp } from "../model/pods/routes.ts";
import type { AdminPolicy } from "../model/policies/admin-policy.ts";
import { allowedByPolicy, blocksOf, subjectsOf } from "../model/policies/default-network.ts";
import { letOut } from "../model/policies/egress-firewall.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import { acrossNetworks } from "./across-networks.ts";
import { defaultGroups, type GroupIndex } from "./default-groups.ts";
import type { DefaultFlow, DefaultGroup, OutsideFlow } from "./flow.ts";

export function familiesOf(model: Model): readonly Family[] {
  return [...new Set(model.platform.podNetwork.cidrs.map((one) => one.family))].sort();
}

/** Whether a pod sends what is for other pods out of its eth0. */
function onDefaultRoute(model: Model, node: Node, family: Family): boolean {
  const pods = setOfCidrs(model.platform.podNetwork.cidrs.filter((one) => one.family === family));
  const routed = lookUp(node, pods, family);
  const moved =
    !model.platform.podNetwork.eth0Routes &&
    routed.every(({ route }) => route === undefined || route.interface === ETH0 || route.to.prefix === 0);
  // A pod whose default route is elsewhere may still have routes to pods: nobody said. It then counts as if it had.
  return moved || routed.every(({ route }) => route?.interface === ETH0);
}

/**
 * Who reaches whom by eth0. Pairs are looked for only where both sides may allow something, so that closed namespaces
 * cost no more than what they open.
 */
export function defaultFlows(model: Model): readonly DefaultFlow[] {
  const index = defaultGroups(model);
  const flows: DefaultFlow[] = [];
  const askers = new Map<DefaultGroup, Set<DefaultGroup>>();
  const open = new Set<DefaultGroup>();
  for (const group of index.groups) {
    const from = candidates(model, group, "ingress", index);
    if (from === "all") open.add(group);
    else for (const one of from) add(askers, one, group);
  }
  for (const from of index.groups) {
    const to = candidates(model, from, "egress", index);
    const reached = to === "all" ? new Set([...open, ...(askers.get(from) ?? [])]) : to;
    for (const other of reached)
      if (to === "all" || open.has(other) || askers.get(from)?.has(other)) flows.push(...pair(model, from, other));
  }
  return [...flows, ...acrossNetworks(model, index, familiesOf(model))];
}

function add(map: Map<DefaultGroup, Set<DefaultGroup>>, key: DefaultGroup, value: DefaultGroup): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

/** Groups that a policy of this one may let through in a direction. */
function candidates(
  model: Model,
  group: DefaultGroup,
  direction: Direction,
  index: GroupIndex,
): ReadonlySet<DefaultGroup> | "all" {
  const { admin, pod } = subjectsOf(model, group.sample);
  const closed = closedByAdmin(admin, direction, index);
  const isolating = pod.filter((policy) => policy[direction] !== undefined);
  if (isolating.length === 0) return closed ?? "all";
  const found = new Set<DefaultGroup>();
  const pods = mainOf(group.sample)?.addresses ?? noAddresses;
  for (const policy of isolating)
    for (const rule of policy[direction] ?? []) {
      if (!rule.peers) return closed ?? "all";
      if (meets(blocksOf(rule), pods)) return closed ?? "all";
      for (const peer of rule.peers) {
        if (peer.type === "pods")
          for (const one of index.selected(peer.namespaces ?? policy.namespace, peer.pods)) found.add(one);
      }
    }
  for (const rule of admin.flatMap((policy) => policy[direction]).filter((one) => one.action === "accept"))
    for (const peer of rule.peers) {
      if (peer.type === "networks") return "all";
      for (const one of index.selected(peer.namespaces, peer.pods)) found.add(one);
    }
  return found;
}

/** Where the admin tier denies everybody in the end: only those whom it names before. */
function closedByAdmin(
  admin: readonly AdminPolicy[],
  direction: Direction,
  index: GroupIndex,
): ReadonlySet<DefaultGroup> | undefined {
  const named = new Set<DefaultGroup>();
  for (const rule of admin.flatMap((policy) => policy[direction]))
    for (const peer of rule.peers) {
      if (peer.type === "networks") {
        if (rule.action !== "deny") return undefined;
      } else if (rule.action !== "deny") for (const one of index.selected(peer.namespaces, peer.pods)) named.add(one);
      else if (peer.namespaces.key === "" && peer.pods.key === "" && rule.services === anyService) return named;
    }
  return undefined;
}

function pair(model: Model, from: DefaultGroup, to: DefaultGroup): readonly DefaultFlow[] {
  const [a, b] = [from.sample, to.sample];
  if (mainOf(a)?.domain !== mainOf(b)?.domain) return [];
  return familiesOf(model).flatMap((family) => {
    if (!onDefaultRoute(model, a, family) || !onDefaultRoute(model, b, family)) return [];
    const out = allowedByPolicy(model, a, "egress", { node: b }, family);
    if (out.length === 0) return [];
    const into = allowedByPolicy(model, b, "ingress", { node: a }, family);
    const services = intersectServices(intersectServices(out, into), everyService);
    return services.length === 0 ? [] : [{ from, to, family, services }];
  });
}

/**
 * What pods reach beyond the cluster by eth0, and what reaches them from there. Of `renumbered` subnets only the
 * policies count: a network of the pod's own that comes or goes there changes its routes, and no policy.
 */
export function outsideFlows(model: Model, renumbered: AddressSet = noAddresses): readonly OutsideFlow[] {
  const inside = setOfCidrs([...model.platform.podNetwork.cidrs, ...model.platform.podNetwork.serviceCidrs]);
  const flows: OutsideFlow[] = [];
  const { egress } = model.policies;
  for (const { nodes, sample } of defaultGroups(model).groups)
    for (const direction of ["egress", "ingress"] as const)
      for (const family of familiesOf(model)) {
        const world = without(without(everyAddress(family), inside), without(ownSubnets(sample), renumbered));
        const merged = new Map<string, { addresses: AddressSet; services: ServiceSet }>();
        for (const addresses of atoms(model, sample, direction, world)) {
          const allowed = allowedByPolicy(model, sample, direction, { addresses }, family);
          const out = direction === "egress" ? letOut(egress.get(sample.namespace), addresses) : everyService;
          const services = intersectServices(intersectServices(allowed, out), everyService);
          if (services.length === 0) continue;
          const key = JSON.stringify(services);
          const known = merged.get(key);
          merged.set(key, { addresses: known ? unite(known.addresses, addresses) : addresses, services });
        }
        for (const { addresses, services } of merged.values())
          for (const node of nodes) {
            const routed = unite(byEth0(node, addresses, family), intersect(addresses, renumbered));
            if (routed.length > 0) flows.push({ node, direction, family, addresses: routed, services });
          }
      }
  return flows;
}

/** What is no world outside to pods of a main network of their own. */
function ownSubnets(node: Node): AddressSet {
  return setOfCidrs((mainOf(node)?.network?.pools ?? []).map((pool) => pool.subnet));
}

/** Addresses for which a pod uses eth0: to send to them, or to answer them. */
function byEth0(node: Node, addresses: AddressSet, family: Family): AddressSet {
  return lookUp(node, addresses, family)
    .filter(({ route }) => route?.interface === ETH0)
    .reduce<AddressSet>((all, part) => unite(all, part.destinations), []);
}

/** The world cut along every block that a policy of the pod names, so that each part is treated alike. */
function atoms(model: Model, node: Node, direction: Direction, world: AddressSet): readonly AddressSet[] {
  const { admin, pod, baseline } = subjectsOf(model, node);
  // Blocks of a rule are alike, and so are rules of pods' policies with the same services: any of them lets in.
  const rules = groupBy(
    pod.flatMap((policy) => policy[direction] ?? []),
    ({ services, named }) => JSON.stringify([services, named]),
  );
  const blocks = [
    ...[...rules.values()].map((alike) => uniteAll(alike.map(blocksOf))),
    ...[...admin, ...baseline].flatMap((policy) => policy[direction].map(blocksOf)),
  ];
  const firewall = direction === "egress" ? model.policies.egress.get(node.namespace) : undefined;
  blocks.push(...(firewall?.rules ?? []).map((rule) => rule.addresses));
  return splitAlong(world, blocks);
}
