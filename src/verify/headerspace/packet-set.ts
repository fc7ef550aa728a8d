import { groupBy } from "../../collections/group-by.ts";
import type { Family } from "../../net/address.ts";
import {
  type AddressSet,
  filterFamily,
  hasCommonAddress,
  intersectAddresses,
  subtractAddresses,
  uniteAllAddresses,
} from "./address-set.ts";
import { intersectServices, type ServiceSet, subtractServices, uniteServices } from "./service-set.ts";

/** Packets of one family: every source with every destination and every service. */
export interface HeaderBox {
  readonly family: Family;
  readonly sources: AddressSet;
  readonly destinations: AddressSet;
  readonly services: ServiceSet;
}

/** A union of boxes. Boxes may overlap unless something says otherwise. */
export type HeaderSpace = readonly HeaderBox[];

export function createBox(
  family: Family,
  sources: AddressSet,
  destinations: AddressSet,
  services: ServiceSet,
): HeaderBox | undefined {
  const own = filterFamily(sources, family);
  const far = filterFamily(destinations, family);
  if (own.length === 0 || far.length === 0 || services.length === 0) return undefined;
  return { family, sources: own, destinations: far, services };
}

export function intersectBoxes(a: HeaderBox, b: HeaderBox): HeaderBox | undefined {
  if (
    a.family !== b.family ||
    !hasCommonAddress(a.sources, b.sources) ||
    !hasCommonAddress(a.destinations, b.destinations)
  )
    return undefined;
  return createBox(
    a.family,
    intersectAddresses(a.sources, b.sources),
    intersectAddresses(a.destinations, b.destinations),
    intersectServices(a.services, b.services),
  );
}

/** What is left of a box when another is cut out: at most three disjoint boxes. */
export function subtractBox(a: HeaderBox, b: HeaderBox): HeaderSpace {
  const hit = intersectBoxes(a, b);
  if (!hit) return [a];
  const { family } = a;
  return [
    createBox(family, subtractAddresses(a.sources, hit.sources), a.destinations, a.services),
    createBox(family, hit.sources, subtractAddresses(a.destinations, hit.destinations), a.services),
    createBox(family, hit.sources, hit.destinations, subtractServices(a.services, hit.services)),
  ].filter((box) => box !== undefined);
}

/** What is left of a set when others are cut out. */
export function subtractSpaces(set: HeaderSpace, cut: HeaderSpace): HeaderSpace {
  let left = set;
  for (const box of cut) {
    if (left.length === 0) break;
    left = left.flatMap((one) => subtractBox(one, box));
  }
  return left;
}

export function intersectSpaces(set: HeaderSpace, other: HeaderSpace): HeaderSpace {
  return set.flatMap((a) => other.map((b) => intersectBoxes(a, b)).filter((box) => box !== undefined));
}

/** The same packets in fewer boxes: those that differ in one side only become one. */
export function mergeBoxes(set: HeaderSpace): HeaderSpace {
  if (set.length < 2) return set;
  const byServices = joinedBy(set, "services", ({ family, sources, destinations }) =>
    text([family, sources, destinations]),
  );
  if (byServices.length < 2) return byServices;
  const byDestinations = joinedBy(byServices, "destinations", ({ family, sources, services }) =>
    text([family, sources, services]),
  );
  return joinedBy(byDestinations, "sources", ({ family, destinations, services }) =>
    text([family, destinations, services]),
  );
}

function text(parts: unknown): string {
  return JSON.stringify(parts, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

function joinedBy(
  set: HeaderSpace,
  side: keyof Omit<HeaderBox, "family">,
  keyOf: (box: HeaderBox) => string,
): HeaderSpace {
  if (set.length < 2) return set;
  return [...groupBy(set, keyOf).values()].map((group) => {
    const [first] = group as [HeaderBox];
    if (group.length === 1) return first;
    if (side === "services") return { ...first, services: uniteServices(...group.map((one) => one.services)) };
    return { ...first, [side]: uniteAllAddresses(group.map((one) => one[side])) };
  });
}
