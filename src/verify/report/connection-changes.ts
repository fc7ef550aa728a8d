import type { AddressRange } from "../../net/range.ts";
import { type AddressSet, createAddressSet, filterFamily, formatAddressSet } from "../headerspace/address-set.ts";
import { createBox, type HeaderSpace, mergeBoxes, subtractSpaces } from "../headerspace/packet-set.ts";
import { formatServices, type ServiceSet, uniteServices } from "../headerspace/service-set.ts";
import type { Connection, Extent } from "./connections.ts";
import { formatLocation } from "./format/location.ts";
import { type Renumbering, renumberAddresses } from "./renumbering.ts";

/** Some pods or addresses to others. */
export interface Detail {
  readonly from: string;
  readonly to: string;
  readonly services: readonly string[];
}

export interface ConnectionChange {
  readonly change: "added" | "changed" | "removed";
  readonly from: string;
  readonly to: string;
  readonly way: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Lines of the intents that mean it: those of before where nothing is left. */
  readonly because: readonly string[];
  /** Exactly what can be reached that could not, and what no longer can. */
  readonly opened: readonly Detail[];
  readonly closed: readonly Detail[];
}

/**
 * What changes in who reaches whom. Pods are compared by what they are, not by their addresses or links: a subnet or a
 * VLAN that moved opens nothing. What has no pods is compared by its addresses; those of a network that is renumbered as
 * a whole are compared by their place in it.
 */
export function compareConnections(
  was: readonly Connection[],
  after: readonly Connection[],
  renumberings: readonly Renumbering[] = [],
): readonly ConnectionChange[] {
  const before = was.map((one) => atNewAddresses(one, renumberings));
  const roster = rosterOf([...before, ...after]);
  const [old, now] = [groupByParties(before), groupByParties(after)];
  const found: ConnectionChange[] = [];
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [had, has] = [old.get(key) ?? [], now.get(key) ?? []];
    const [a, b] = [boxesOf(had, roster), boxesOf(has, roster)];
    const [opened, closed] = [subtractSpaces(b, a), subtractSpaces(a, b)];
    const sample = has[0] ?? had[0];
    if (!sample || opened.length + closed.length === 0) continue;
    found.push({
      change: had.length === 0 ? "added" : has.length === 0 ? "removed" : "changed",
      from: sample.from.party,
      to: sample.to.party,
      way: sample.way,
      before: servicesOf(had),
      after: servicesOf(has),
      because: linesOf(has.length > 0 ? has : had),
      opened: details(opened, sample, roster),
      closed: details(closed, sample, roster),
    });
  }
  return found;
}

function atNewAddresses(connection: Connection, renumberings: readonly Renumbering[]): Connection {
  const place = (end: Extent): Extent => {
    const renumbering = renumberings.find((one) => one.network === end.party);
    return renumbering ? { ...end, addresses: renumberAddresses(end.addresses, renumbering) } : end;
  };
  return renumberings.length === 0
    ? connection
    : { ...connection, from: place(connection.from), to: place(connection.to) };
}

/** Which of several links two parties share does not matter; which gateways are between them does. */
function wayKey({ way, direct }: Connection): readonly string[] {
  return direct === true ? ["link"] : way;
}

function groupByParties(connections: readonly Connection[]): ReadonlyMap<string, readonly Connection[]> {
  const groups = new Map<string, Connection[]>();
  for (const one of connections) {
    const key = JSON.stringify([one.from.party, one.to.party, wayKey(one)]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** Workloads as numbers, in the order of their names: those of a zone are then few ranges, and sets of them are cheap. */
interface Roster {
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, bigint>;
}

function rosterOf(connections: readonly Connection[]): Roster {
  const all = new Set<string>();
  for (const { from, to } of connections) for (const end of [from, to]) for (const pod of end.pods) all.add(pod);
  const names = [...all].sort();
  return { names, numbers: new Map(names.map((name, index) => [name, BigInt(index)])) };
}

function boxesOf(connections: readonly Connection[], roster: Roster): HeaderSpace {
  return connections.flatMap(({ from, to, family, services }) => {
    const set = (end: Extent): AddressSet => {
      if (end.pods.length === 0) return filterFamily(end.addresses, family);
      const numbers = end.pods.map((pod) => roster.numbers.get(pod) ?? 0n);
      return createAddressSet(numbers.map((number): AddressRange => ({ family, start: number, end: number })));
    };
    return createBox(family, set(from), set(to), services) ?? [];
  });
}

function servicesOf(connections: readonly Connection[]): readonly string[] {
  return connections.length === 0 ? [] : formatServices(uniteServices(...connections.map((one) => one.services)));
}

function linesOf(connections: readonly Connection[]): readonly string[] {
  return [...new Set(connections.flatMap((one) => one.origins.map(formatLocation)))].sort();
}

/** One line for two ends, whatever the families. */
function details(boxes: HeaderSpace, { from, to }: Connection, roster: Roster): readonly Detail[] {
  const found = new Map<string, { readonly from: string; readonly to: string; services: ServiceSet }>();
  for (const box of mergeBoxes(boxes)) {
    const one = {
      from: from.pods.length > 0 ? podsIn(box.sources, roster) : shortly(box.sources),
      to: to.pods.length > 0 ? podsIn(box.destinations, roster) : shortly(box.destinations),
    };
    const key = JSON.stringify(one);
    found.set(key, { ...one, services: uniteServices(found.get(key)?.services ?? [], box.services) });
  }
  return [...found.values()].map(({ services, ...one }) => ({ ...one, services: formatServices(services) }));
}

const SHOWN = 3;

function podsIn(set: AddressSet, { names }: Roster): string {
  const pods = set.flatMap(({ start, end }) => names.slice(Number(start), Number(end) + 1));
  const more = pods.length - SHOWN;
  return more > 0 ? `${pods.slice(0, SHOWN).join(", ")} and ${more} more` : pods.join(", ");
}

function shortly(set: AddressSet): string {
  const more = set.length - SHOWN;
  return more > 0 ? `${formatAddressSet(set.slice(0, SHOWN))} and ${more} more ranges` : formatAddressSet(set);
}
