import { bitsOf, formatAddress } from "../../../net/address.ts";
import { rangeOf } from "../../../net/cidr.ts";
import { type AddressRange, mergeRanges } from "../../../net/range.ts";
import type { AddressSet } from "../../headerspace/address-set.ts";
import type { Route } from "./node.ts";

/** Everything that leaves by one interface to one next hop. */
export interface RouteClass {
  readonly destinations: AddressSet;
  /** The first of its routes. */
  readonly route: Route;
}

interface Edge {
  readonly at: bigint;
  readonly place: number;
  readonly opens: boolean;
}

/**
 * Routes of one family in the order they are asked, as one set of destinations for each next hop. A thousand routes to one
 * next hop are then one answer. Where several routes hold an address, the first of them counts.
 */
export function routeClasses(order: readonly Route[]): readonly RouteClass[] {
  const asked = firstOfEach(order);
  const edges = asked.flatMap((route, place): Edge[] => {
    const { start, end } = rangeOf(route.to);
    return [
      { at: start, place, opens: true },
      { at: end + 1n, place, opens: false },
    ];
  });
  edges.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const open = new Set<number>();
  const classes = new Map<string, { first: number; readonly ranges: AddressRange[] }>();
  for (let next = 0; next < edges.length; ) {
    const at = (edges[next] as Edge).at;
    for (; next < edges.length && edges[next]?.at === at; next++) {
      const { place, opens } = edges[next] as Edge;
      if (opens) open.add(place);
      else open.delete(place);
    }
    const end = edges[next]?.at;
    if (open.size === 0 || end === undefined) continue;
    // Of two networks one holds the other, so as many are open as there are lengths of prefixes at most.
    const first = Math.min(...open);
    const { to, interface: name, via } = asked[first] as Route;
    const key = `${name ?? ""} ${via ? formatAddress(via) : ""}`;
    const found = classes.get(key) ?? { first, ranges: [] };
    found.first = Math.min(found.first, first);
    found.ranges.push({ family: to.family, start: at, end: end - 1n });
    classes.set(key, found);
  }
  return [...classes.values()]
    .sort((a, b) => a.first - b.first)
    .map(({ first, ranges }) => ({ destinations: mergeRanges(ranges), route: asked[first] as Route }));
}

/** Of several routes to one network only the first is asked. */
function firstOfEach(order: readonly Route[]): readonly Route[] {
  const found = new Map<string, Route>();
  for (const route of order) {
    const { family, base, prefix } = route.to;
    const key = `${base >> BigInt(bitsOf(family) - prefix)}/${prefix}`;
    if (!found.has(key)) found.set(key, route);
  }
  return [...found.values()];
}
