import { countAddressBits, formatAddress } from "../../../net/address.ts";
import { toRange } from "../../../net/cidr.ts";
import { type AddressRange, mergeRanges } from "../../../net/range.ts";
import type { AddressSet } from "../../headerspace/address-set.ts";
import type { Route } from "./node.ts";

/** Everything that leaves by one interface to one next hop. */
export interface RouteGroup {
  readonly destinations: AddressSet;
  /** The first of its routes. */
  readonly route: Route;
  /** Routes to the same destinations that IPv6 does not prefer less: some of the packets go there. */
  readonly equal: readonly Route[];
}

interface Edge {
  readonly at: bigint;
  readonly place: number;
  readonly opens: boolean;
}

/**
 * Routes of one family in the order they are asked, as one set of destinations for each next hop. A thousand routes to one
 * next hop are then one answer. Where several routes hold an address, the first of them counts. `own` is asked before `main`.
 */
export function groupRoutes(own: readonly Route[], main: readonly Route[]): readonly RouteGroup[] {
  const asked = firstOfEach(own, main);
  const edges = asked.flatMap(({ route }, place): Edge[] => {
    const { start, end } = toRange(route.to);
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
    const { route, equal } = asked[first] as Asked;
    const key = [route, ...equal].map(nextHopOf).join(" ");
    const found = classes.get(key) ?? { first, ranges: [] };
    found.first = Math.min(found.first, first);
    found.ranges.push({ family: route.to.family, start: at, end: end - 1n });
    classes.set(key, found);
  }
  return [...classes.values()]
    .sort((a, b) => a.first - b.first)
    .map(({ first, ranges }) => ({ destinations: mergeRanges(ranges), ...(asked[first] as Asked) }));
}

type Asked = Pick<RouteGroup, "route" | "equal">;

function nextHopOf({ interface: name, via }: Route): string {
  return `${name ?? ""}/${via ? formatAddress(via) : ""}`;
}

/** Of several routes to one network only the first is asked, with those that are equal to it. */
function firstOfEach(own: readonly Route[], main: readonly Route[]): readonly Asked[] {
  const found = new Map<string, { readonly route: Route; readonly equal: Route[]; readonly isOwn: boolean }>();
  for (const [list, isOwn] of [
    [own, true],
    [main, false],
  ] as const)
    for (const route of list) {
      const { family, base, prefix } = route.to;
      const key = `${base >> BigInt(countAddressBits(family) - prefix)}/${prefix}`;
      const first = found.get(key);
      if (!first) found.set(key, { route, equal: [], isOwn });
      else if (family === 6 && !first.isOwn && route.metric === first.route.metric) {
        const known = [first.route, ...first.equal].map(nextHopOf);
        if (!known.includes(nextHopOf(route))) first.equal.push(route);
      }
    }
  return [...found.values()];
}
