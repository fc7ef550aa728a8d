import { pushTo } from "../../collections/push-to.ts";
import { type AddressRange, mergeRanges } from "../../net/range.ts";
import type { AddressSet } from "./address-set.ts";
import { type ServiceSet, uniteServices } from "./service-set.ts";

/** Some addresses, and the services that go with each of them. */
export interface AddressedServices {
  readonly addresses: AddressSet;
  readonly services: ServiceSet;
}

/**
 * The same in parts that share no address: each address with all its services. One walk over the sorted ends of all ranges,
 * since to compare every two parts would be quadratic.
 */
export function splitByAddress(items: readonly AddressedServices[]): readonly AddressedServices[] {
  const filled = items.filter((one) => one.addresses.length > 0 && one.services.length > 0);
  if (filled.length < 2) return filled;
  const whole = joinedBy(joinedBy(filled, "services"), "addresses");
  return whole.length < 2 ? whole : joinedBy(pieces(whole), "services");
}

interface Edge {
  readonly family: 4 | 6;
  readonly at: bigint;
  readonly item: number;
  readonly opens: boolean;
}

/** Ranges on which the same items are open. */
function pieces(items: readonly AddressedServices[]): readonly AddressedServices[] {
  const edges: Edge[] = [];
  for (const [item, { addresses }] of items.entries())
    for (const { family, start, end } of addresses)
      edges.push({ family, at: start, item, opens: true }, { family, at: end + 1n, item, opens: false });
  edges.sort((a, b) => a.family - b.family || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const open = new Set<number>();
  const found: AddressedServices[] = [];
  for (let next = 0; next < edges.length; ) {
    const { family, at } = edges[next] as Edge;
    for (; next < edges.length && edges[next]?.family === family && edges[next]?.at === at; next++) {
      const { item, opens } = edges[next] as Edge;
      if (opens) open.add(item);
      else open.delete(item);
    }
    const end = edges[next]?.at;
    if (open.size === 0 || end === undefined) continue;
    const services = uniteServices(...[...open].map((item) => items[item]?.services ?? []));
    found.push({ addresses: [{ family, start: at, end: end - 1n }], services });
  }
  return found;
}

/** Items that are equal in one side become one: their other sides are united, all at once. */
function joinedBy(items: readonly AddressedServices[], same: "addresses" | "services"): readonly AddressedServices[] {
  const groups = new Map<string, AddressedServices[]>();
  for (const one of items) pushTo(groups, same === "services" ? one.services.join(";") : textOf(one.addresses), one);
  return [...groups.values()].map((group) => {
    const [first] = group as [AddressedServices];
    if (group.length === 1) return first;
    if (same === "services")
      return { addresses: mergeRanges(group.flatMap((one) => one.addresses)), services: first.services };
    return { addresses: first.addresses, services: uniteServices(...group.map((one) => one.services)) };
  });
}

function textOf(set: AddressSet): string {
  return set.map(({ family, start, end }: AddressRange) => `${family} ${start} ${end}`).join(";");
}
