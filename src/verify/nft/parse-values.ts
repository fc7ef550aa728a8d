import { type Family, parseAddress } from "../../net/address.ts";
import { parseInterfaceAddress, toNetwork, toRange } from "../../net/cidr.ts";
import { type AddressRange, parseRange, toSingleRange } from "../../net/range.ts";
import {
  type AddressSet,
  createAddressSet,
  filterFamily,
  listAllAddresses,
  subtractAddresses,
} from "../headerspace/address-set.ts";
import { type TokenCursor, takeIf, takeWords, throwNotUnderstood } from "./cursor.ts";

export type NamedSets = ReadonlyMap<string, AddressSet>;

/** Addresses, networks and ranges: one, a `{ … }`, or `@set`, with `!=` before them for all others of the family. */
export function parseAddresses(cursor: TokenCursor, family: Family, sets: NamedSets): AddressSet {
  const not = takeIf(cursor, "!=");
  if (!not) takeIf(cursor, "==");
  const found = takeWords(cursor).flatMap((text): readonly AddressRange[] => {
    if (!text.startsWith("@")) return [parseAddressRange(cursor, text)];
    return sets.get(text.slice(1)) ?? throwNotUnderstood(cursor, `there is no set \`${text}\``);
  });
  const set = createAddressSet(found);
  if (filterFamily(set, family).length !== set.length) throwNotUnderstood(cursor, "an address of the other family");
  return not ? subtractAddresses(listAllAddresses(family), set) : set;
}

/** The elements of a named set. */
export function parseNamedSet(cursor: TokenCursor): AddressSet {
  return createAddressSet(takeWords(cursor).map((text) => parseAddressRange(cursor, text)));
}

export function parseAddressRange(cursor: TokenCursor, text: string): AddressRange {
  if (text.includes("/")) {
    const read = parseInterfaceAddress(text);
    if (typeof read !== "string") return toRange(toNetwork(read));
  }
  const one = parseAddress(text);
  if (one) return toSingleRange(one);
  return parseRange(text) ?? throwNotUnderstood(cursor, `\`${text}\` is no address`);
}

/** Ports: one, a range `a-b`, or a `{ … }` of them, as inclusive pairs; `!=` gives the others. */
export function parsePorts(cursor: TokenCursor): readonly (readonly [number, number])[] {
  const not = takeIf(cursor, "!=");
  const found = takeWords(cursor)
    .map((text): readonly [number, number] => {
      const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
      const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
      return match && last <= 0xffff && first <= last
        ? [first, last]
        : throwNotUnderstood(cursor, `\`${text}\` is no port`);
    })
    .sort((a, b) => a[0] - b[0]);
  if (!not) return found;
  const others: [number, number][] = [];
  let next = 0;
  for (const [first, last] of found) {
    if (first > next) others.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= 0xffff) others.push([next, 0xffff]);
  return others;
}
