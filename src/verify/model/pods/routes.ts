import type { Family } from "../../../net/address.ts";
import {
  type AddressSet,
  containsAddresses,
  filterFamily,
  hasCommonAddress,
  intersectAddresses,
  subtractAddresses,
  toAddressSet,
} from "../../headerspace/address-set.ts";
import type { Node, Route } from "./node.ts";
import { groupRoutes, type RouteGroup } from "./route-classes.ts";

/** Destinations and the route they take, those by one next hop together; no route: nowhere to go. */
export interface RoutedPackets {
  readonly destinations: AddressSet;
  readonly route: Route | undefined;
  /** Some of these packets go by another route that is equal: IPv6 makes one of several next hops of them. */
  readonly shared?: true;
}

const tables = new WeakMap<Node, Map<string, readonly Route[]>>();
const classes = new WeakMap<Node, Map<string, readonly RouteGroup[]>>();

/**
 * The main table of a family, in the order the kernel prefers: longest prefix, then metric. Of equal routes of IPv4 the one
 * that was made last comes first: CNI plugins add routes without NLM_F_EXCL since 1.0.0 (pkg/ipam/ipam_linux.go).
 */
function mainTable(node: Node, family: Family): readonly Route[] {
  return cacheRoutes(node, `${family}`, (route) => route.to.family === family && !route.answersOnly);
}

/** The table that answers from an interface's own addresses ask first (chained sbr): its routes, and what it is connected to. */
function ownTable(node: Node, family: Family, name: string): readonly Route[] {
  return cacheRoutes(
    node,
    `${family} ${name}`,
    ({ to, interface: by, answersOnly, via }) => to.family === family && by === name && (answersOnly || !via),
  );
}

function cacheRoutes(node: Node, key: string, wanted: (route: Route) => boolean): readonly Route[] {
  const known = tables.get(node) ?? new Map<string, readonly Route[]>();
  tables.set(node, known);
  const found = known.get(key);
  if (found) return found;
  const sorted = node.routes.filter(wanted).reverse();
  sorted.sort((a, b) => b.to.prefix - a.to.prefix || a.metric - b.metric);
  known.set(key, sorted);
  return sorted;
}

/** The interface whose addresses those are, where it has a table of its own. */
function ownerOf(node: Node, from: AddressSet, family: Family): string | undefined {
  const separate = node.routes.filter((route) => route.answersOnly && route.to.family === family);
  if (separate.length === 0) return undefined;
  return node.interfaces.find(
    (one) => separate.some((route) => route.interface === one.name) && containsAddresses(one.addresses, from),
  )?.name;
}

/** Where a node sends packets, by longest prefix. `from`: addresses of its own that they come from, chosen before. */
export function lookUpRoutes(
  node: Node,
  destinations: AddressSet,
  family: Family,
  from?: AddressSet,
): readonly RoutedPackets[] {
  const found: RoutedPackets[] = [];
  let left = filterFamily(destinations, family);
  for (const { destinations: to, route, equal } of classesOf(node, family, from && ownerOf(node, from, family))) {
    if (left.length === 0) break;
    const hit = intersectAddresses(left, to);
    if (hit.length === 0) continue;
    if (equal.length === 0) found.push({ destinations: hit, route });
    else for (const one of [route, ...equal]) found.push({ destinations: hit, route: one, shared: true });
    left = subtractAddresses(left, to);
  }
  if (left.length > 0) found.push({ destinations: left, route: undefined });
  return found;
}

function classesOf(node: Node, family: Family, owner: string | undefined): readonly RouteGroup[] {
  const known = classes.get(node) ?? new Map<string, readonly RouteGroup[]>();
  classes.set(node, known);
  const key = `${family} ${owner ?? ""}`;
  const own = owner === undefined ? [] : ownTable(node, family, owner);
  const found = known.get(key) ?? groupRoutes(own, mainTable(node, family));
  known.set(key, found);
  return found;
}

/** The first route that any of the destinations take. */
export function findFirstRoute(node: Node, destinations: AddressSet, family: Family): Route | undefined {
  return mainTable(node, family).find((route) => hasCommonAddress(toAddressSet([route.to]), destinations));
}

/** Whether the kernel prefers neither of two routes. */
export function isEquallyPreferred(a: Route, b: Route): boolean {
  return a.to.family === b.to.family && a.to.prefix === b.to.prefix && a.to.base === b.to.base && a.metric === b.metric;
}
