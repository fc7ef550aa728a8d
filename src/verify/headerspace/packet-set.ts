import { groupBy } from "../../collections/group-by.ts";
import type { Family } from "../../net/address.ts";
import { type AddressSet, intersect, meets, ofFamily, uniteAll, without } from "./address-set.ts";
import { intersectServices, type ServiceSet, uniteServices, withoutServices } from "./service-set.ts";

/** Packets of one family: every source with every destination and every service. */
export interface Packets {
  readonly family: Family;
  readonly sources: AddressSet;
  readonly destinations: AddressSet;
  readonly services: ServiceSet;
}

/** A union of boxes. Boxes may overlap unless something says otherwise. */
export type PacketSet = readonly Packets[];

export function packets(
  family: Family,
  sources: AddressSet,
  destinations: AddressSet,
  services: ServiceSet,
): Packets | undefined {
  const own = ofFamily(sources, family);
  const far = ofFamily(destinations, family);
  if (own.length === 0 || far.length === 0 || services.length === 0) return undefined;
  return { family, sources: own, destinations: far, services };
}

export function intersectPackets(a: Packets, b: Packets): Packets | undefined {
  if (a.family !== b.family || !meets(a.sources, b.sources) || !meets(a.destinations, b.destinations)) return undefined;
  return packets(
    a.family,
    intersect(a.sources, b.sources),
    intersect(a.destinations, b.destinations),
    intersectServices(a.services, b.services),
  );
}

/** What is left of a box when another is cut out: at most three disjoint boxes. */
export function withoutPackets(a: Packets, b: Packets): PacketSet {
  const hit = intersectPackets(a, b);
  if (!hit) return [a];
  const { family } = a;
  return [
    packets(family, without(a.sources, hit.sources), a.destinations, a.services),
    packets(family, hit.sources, without(a.destinations, hit.destinations), a.services),
    packets(family, hit.sources, hit.destinations, withoutServices(a.services, hit.services)),
  ].filter((box) => box !== undefined);
}

/** What is left of a set when others are cut out. */
export function withoutAll(set: PacketSet, cut: PacketSet): PacketSet {
  let left = set;
  for (const box of cut) {
    if (left.length === 0) break;
    left = left.flatMap((one) => withoutPackets(one, box));
  }
  return left;
}

export function intersectAll(set: PacketSet, other: PacketSet): PacketSet {
  return set.flatMap((a) => other.map((b) => intersectPackets(a, b)).filter((box) => box !== undefined));
}

/** The same packets in fewer boxes: those that differ in one side only become one. */
export function joined(set: PacketSet): PacketSet {
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

function joinedBy(set: PacketSet, side: keyof Omit<Packets, "family">, keyOf: (box: Packets) => string): PacketSet {
  if (set.length < 2) return set;
  return [...groupBy(set, keyOf).values()].map((group) => {
    const [first] = group as [Packets];
    if (group.length === 1) return first;
    if (side === "services") return { ...first, services: uniteServices(...group.map((one) => one.services)) };
    return { ...first, [side]: uniteAll(group.map((one) => one[side])) };
  });
}
