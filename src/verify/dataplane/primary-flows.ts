import { addTo } from "../../collections/add-to.ts";
import { appendAll } from "../../diagnostics/append-all.ts";
import type { Family } from "../../net/address.ts";
import { hasCommonAddress, noAddresses, toAddressSet } from "../headerspace/address-set.ts";
import {
  anyService,
  everyService,
  intersectServices,
  noServices,
  type ServiceSet,
} from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import { ETH0, findPrimaryInterface, type Node } from "../model/pods/node.ts";
import { lookUpRoutes } from "../model/pods/routes.ts";
import type { AdminPolicy } from "../model/policies/admin-policy.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import { collectBlocks, computeAllowedServices, findPolicies } from "../model/policies/primary-network.ts";
import type { PrimaryFlow } from "./flow.ts";
import { computeCrossNetworkFlows } from "./flows-across-networks.ts";
import { type GroupedPods, type GroupIndex, groupForPrimary, type SideGroup } from "./primary-groups.ts";

export function listPodFamilies(model: Model): readonly Family[] {
  return [...new Set(model.platform.podNetwork.cidrs.map((one) => one.family))].sort();
}

/** Whether a pod sends what is for other pods out of its eth0. */
function onDefaultRoute(model: Model, node: Node, family: Family): boolean {
  const pods = toAddressSet(model.platform.podNetwork.cidrs.filter((one) => one.family === family));
  const routed = lookUpRoutes(node, pods, family);
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
export function computePrimaryFlows(model: Model): readonly PrimaryFlow[] {
  const index = groupForPrimary(model);
  const flows: PrimaryFlow[] = [];
  const pair = pairs(model);
  const { senders, reached } = listCandidatePairs(model, index);
  for (const from of senders) for (const to of reached(from)) appendAll(flows, pair(from, to));
  return [...flows, ...computeCrossNetworkFlows(model, index, listPodFamilies(model))];
}

/** Which groups may reach which, as far as their own policies and those of the other end name each other at all. */
export function listCandidatePairs(model: Model, { senders, receivers }: GroupIndex) {
  const askers = new Map<SideGroup, Set<SideGroup>>();
  const open = new Set<SideGroup>();
  const [askedBy, namedBy] = [keptByOwn(), keptByOwn()];
  for (const group of receivers.groups) {
    const from = askedBy(group, () => candidates(model, group, "ingress", senders));
    if (from === "all") open.add(group);
    else for (const one of from) addTo(askers, one, group);
  }
  const reached = (from: SideGroup): Iterable<SideGroup> => {
    const to = namedBy(from, () => candidates(model, from, "egress", receivers));
    if (to === "all") return new Set([...open, ...(askers.get(from) ?? [])]);
    return [...to].filter((other) => open.has(other) || askers.get(from)?.has(other));
  };
  return { senders: senders.groups, reached };
}

type Candidates = ReadonlySet<SideGroup> | "all";

/** Candidates of groups whose own policies are alike, found once. */
function keptByOwn(): (group: SideGroup, find: () => Candidates) => Candidates {
  const known = new Map<number, Candidates>();
  return ({ own }, find) => {
    const found = known.get(own) ?? find();
    known.set(own, found);
    return found;
  };
}

/** Groups that a policy of this one may let through in a direction. */
function candidates(model: Model, group: SideGroup, direction: Direction, others: GroupedPods): Candidates {
  const { admin, pod } = findPolicies(model, group.sample);
  const closed = closedByAdmin(admin, direction, others);
  const isolating = pod.filter((policy) => policy[direction] !== undefined);
  if (isolating.length === 0) return closed ?? "all";
  const found = new Set<SideGroup>();
  const pods = findPrimaryInterface(group.sample)?.addresses ?? noAddresses;
  for (const policy of isolating)
    for (const rule of policy[direction] ?? []) {
      if (!rule.peers) return closed ?? "all";
      if (hasCommonAddress(collectBlocks(rule), pods)) return closed ?? "all";
      for (const peer of rule.peers) {
        if (peer.type === "pods")
          for (const one of others.selected(peer.namespaces ?? policy.namespace, peer.pods)) found.add(one);
      }
    }
  for (const rule of admin.flatMap((policy) => policy[direction]).filter((one) => one.action === "accept"))
    for (const peer of rule.peers) {
      if (peer.type === "networks") return "all";
      for (const one of others.selected(peer.namespaces, peer.pods)) found.add(one);
    }
  return found;
}

/** Where the admin tier denies everybody in the end: only those whom it names before. */
function closedByAdmin(
  admin: readonly AdminPolicy[],
  direction: Direction,
  others: GroupedPods,
): ReadonlySet<SideGroup> | undefined {
  const named = new Set<SideGroup>();
  for (const rule of admin.flatMap((policy) => policy[direction]))
    for (const peer of rule.peers) {
      if (peer.type === "networks") {
        if (rule.action !== "deny") return undefined;
      } else if (rule.action !== "deny") for (const one of others.selected(peer.namespaces, peer.pods)) named.add(one);
      else if (peer.namespaces.key === "" && peer.pods.key === "" && rule.services === anyService) return named;
    }
  return undefined;
}

/** What the policies of one group let through towards another, asked once for all groups that are alike in it. */
type Ask = (direction: Direction, subject: SideGroup, remote: SideGroup, family: Family) => ServiceSet;

function askPolicies(model: Model): Ask {
  const known = new Map<string, ServiceSet>();
  return (direction, subject, remote, family) => {
    const key = `${direction} ${family} ${subject.own} ${remote.seen}`;
    const found =
      known.get(key) ?? computeAllowedServices(model, subject.sample, direction, { node: remote.sample }, family);
    known.set(key, found);
    return found;
  };
}

/** What goes from one group to another. */
function pairs(model: Model): (from: SideGroup, to: SideGroup) => readonly PrimaryFlow[] {
  const ask = askPolicies(model);
  const families = listPodFamilies(model);
  const routed = new Map<SideGroup, readonly Family[]>();
  const onRoute = (group: SideGroup) => {
    const found = routed.get(group) ?? families.filter((family) => onDefaultRoute(model, group.sample, family));
    routed.set(group, found);
    return found;
  };
  return (from, to) => {
    if (findPrimaryInterface(from.sample)?.domain !== findPrimaryInterface(to.sample)?.domain) return [];
    const back = onRoute(to);
    return onRoute(from).flatMap((family) => {
      const out = back.includes(family) ? ask("egress", from, to, family) : noServices;
      if (out.length === 0) return [];
      const services = intersectServices(intersectServices(out, ask("ingress", to, from, family)), everyService);
      return services.length === 0 ? [] : [{ from, to, family, services }];
    });
  };
}
