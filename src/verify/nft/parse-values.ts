import { type Family, parseAddress } from "../../net/address.ts";
import { networkOf, parseInterfaceAddress, rangeOf } from "../../net/cidr.ts";
import { type AddressRange, oneAddress, parseRange } from "../../net/range.ts";
import { type AddressSet, everyAddress, ofFamily, setOf, without } from "../headerspace/address-set.ts";
import { fail, type TokenCursor, takeIf, wordsOf } from "./cursor.ts";

export type NamedSets = ReadonlyMap<string, AddressSet>;

/** Addresses, networks and ranges: one, a `{ … }`, or `@set`, with `!=` before them for all others of the family. */
export function addresses(cursor: TokenCursor, family: Family, sets: NamedSets): AddressSet {
  const not = takeIf(cursor, "!=");
  if (!not) takeIf(cursor, "==");
  const found = wordsOf(cursor).flatMap((text): readonly AddressRange[] => {
    if (!text.startsWith("@")) return [addressRange(cursor, text)];
    return sets.get(text.slice(1)) ?? fail(cursor, `there is no set \`${text}\``);
  });
  const set = setOf(found);
  if (ofFamily(set, family).length !== set.length) fail(cursor, "an address of the other family");
  return not ? without(everyAddress(family), set) : set;
}

/** The elements of a named set. */
export function namedAddresses(cursor: TokenCursor): AddressSet {
  return setOf(wordsOf(cursor).map((text) => addressRange(cursor, text)));
}

export function addressRange(cursor: TokenCursor, text: string): AddressRange {
  if (text.includes("/")) {
    const read = parseInterfaceAddress(text);
    if (typeof read !== "string") return rangeOf(networkOf(read));
  }
  const one = parseAddress(text);
  if (one) return oneAddress(one);
  return parseRange(text) ?? fail(cursor, `\`${text}\` is no address`);
}

/** Ports: one, a range `a-b`, or a `{ … }` of them, as inclusive pairs; `!=` gives the others. */
export function ports(cursor: TokenCursor): readonly (readonly [number, number])[] {
  const not = takeIf(cursor, "!=");
  const found = wordsOf(cursor)
    .map((text): readonly [number, number] => {
      const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
      const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
      return match && last <= 0xffff && first <= last ? [first, last] : fail(cursor, `\`${text}\` is no port`);
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
