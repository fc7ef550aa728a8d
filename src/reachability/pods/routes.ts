import { bitsOf, type Family } from "../../net/address.ts";
import { type AddressSet, everyAddress, intersect, ofFamily, setOfCidrs, without } from "../packets/address-set.ts";
import type { Node, Route } from "./node.ts";

/** Destinations and the route they take; no route: nowhere to go. */
export interface Routed {
  readonly destinations: AddressSet;
  readonly route: Route | undefined;
}

const tables = new WeakMap<Node, Map<string, readonly Route[]>>();

/** Routes of a family, in the order the kernel prefers them: longest prefix, then metric. */
function tableOf(node: Node, family: Family, answers: boolean): readonly Route[] {
  const known = tables.get(node) ?? new Map<string, readonly Route[]>();
  tables.set(node, known);
  const key = `${family} ${answers}`;
  const found = known.get(key);
  if (found) return found;
  const sorted = node.routes
    .filter((route) => route.to.family === family && (answers || !route.answersOnly))
    .sort((a, b) => b.to.prefix - a.to.prefix || a.metric - b.metric);
  known.set(key, sorted);
  return sorted;
}

/** Where a node sends packets, by longest prefix. `answers`: packets from an address of its own, chosen before. */
export function lookUp(node: Node, destinations: AddressSet, family: Family, answers = false): readonly Routed[] {
  const found: Routed[] = [];
  let left = ofFamily(destinations, family);
  for (const route of tableOf(node, family, answers)) {
    if (left.length === 0) break;
    const whole = route.to.prefix === 0 && bitsOf(family) > 0;
    const to = whole ? everyAddress(family) : setOfCidrs([route.to]);
    const hit = whole ? left : intersect(left, to);
    if (hit.length === 0) continue;
    found.push({ destinations: hit, route });
    left = without(left, to);
  }
  if (left.length > 0) found.push({ destinations: left, route: undefined });
  return found;
}
