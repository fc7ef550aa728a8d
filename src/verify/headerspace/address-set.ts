import { type Address, countAddressBits, type Family } from "../../net/address.ts";
import { type Cidr, formatCidr, toRange } from "../../net/cidr.ts";
import { type AddressRange, formatRange, mergeRanges } from "../../net/range.ts";

/** Addresses of both families as the fewest ranges, IPv4 first, each family by start. */
export type AddressSet = readonly AddressRange[];

export const noAddresses: AddressSet = [];

function whole(family: Family): AddressRange {
  return { family, start: 0n, end: (1n << BigInt(countAddressBits(family))) - 1n };
}

const wholes = { 4: whole(4), 6: whole(6) } as const;

/** Every address of a family. */
export function listAllAddresses(family: Family): AddressSet {
  return [wholes[family]];
}

/** Every address of both families. */
export const allAddresses: AddressSet = [wholes[4], wholes[6]];

export function createAddressSet(ranges: readonly AddressRange[]): AddressSet {
  return mergeRanges(ranges);
}

export function toAddressSet(networks: readonly Cidr[]): AddressSet {
  return networks.length === 1 ? [toRange(networks[0] as Cidr)] : mergeRanges(networks.map(toRange));
}

export function uniteAddresses(a: AddressSet, b: AddressSet): AddressSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return mergeRanges([...a, ...b]);
}

/** What any of many sets holds: they are sorted once. */
export function uniteAllAddresses(sets: readonly AddressSet[]): AddressSet {
  const filled = sets.filter((one) => one.length > 0);
  return filled.length < 2 ? (filled[0] ?? noAddresses) : mergeRanges(filled.flat());
}

/** Whether `a` ends before `b` starts. */
function endsBefore(a: AddressRange, b: AddressRange): boolean {
  return a.family < b.family || (a.family === b.family && a.end < b.start);
}

/** What both sets hold; linear in their ranges. */
export function intersectAddresses(a: AddressSet, b: AddressSet): AddressSet {
  const both: AddressRange[] = [];
  if (a.length === 0 || b.length === 0) return both;
  let i = firstFrom(a, b[0] as AddressRange);
  let j = firstFrom(b, a[0] as AddressRange);
  while (i < a.length && j < b.length) {
    const one = a[i] as AddressRange;
    const two = b[j] as AddressRange;
    if (endsBefore(one, two)) i++;
    else if (endsBefore(two, one)) j++;
    else {
      both.push({
        family: one.family,
        start: one.start > two.start ? one.start : two.start,
        end: one.end < two.end ? one.end : two.end,
      });
      if (one.end < two.end) i++;
      else j++;
    }
  }
  return both;
}

/** Whether the sets share an address. */
export function hasCommonAddress(a: AddressSet, b: AddressSet): boolean {
  if (a.length === 0 || b.length === 0) return false;
  let i = firstFrom(a, b[0] as AddressRange);
  let j = firstFrom(b, a[0] as AddressRange);
  while (i < a.length && j < b.length) {
    if (endsBefore(a[i] as AddressRange, b[j] as AddressRange)) i++;
    else if (endsBefore(b[j] as AddressRange, a[i] as AddressRange)) j++;
    else return true;
  }
  return false;
}

/** The place of the first range that does not end before another starts, found by halving. */
function firstFrom(set: AddressSet, range: AddressRange): number {
  let low = 0;
  for (let high = set.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (endsBefore(set[middle] as AddressRange, range)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What `a` holds and `b` does not; linear in their ranges, without those of `b` that come before `a`. */
export function subtractAddresses(a: AddressSet, b: AddressSet): AddressSet {
  if (b.length === 0 || a.length === 0) return a;
  const left: AddressRange[] = [];
  let j = firstFrom(b, a[0] as AddressRange);
  for (const range of a) {
    let start = range.start;
    while (j < b.length && endsBefore(b[j] as AddressRange, range)) j++;
    let k = j;
    while (k < b.length && !endsBefore(range, b[k] as AddressRange)) {
      const taken = b[k] as AddressRange;
      if (taken.start > start) left.push({ family: range.family, start, end: taken.start - 1n });
      if (taken.end + 1n > start) start = taken.end + 1n;
      k++;
    }
    if (start <= range.end) left.push({ family: range.family, start, end: range.end });
  }
  return left;
}

/** Whether `outer` holds every address of `inner`. */
export function containsAddresses(outer: AddressSet, inner: AddressSet): boolean {
  return subtractAddresses(inner, outer).length === 0;
}

export function filterFamily(set: AddressSet, family: Family): AddressSet {
  return set.every((range) => range.family === family) ? set : set.filter((range) => range.family === family);
}

/** The lowest address: the witness of a set that is not empty. */
export function findFirstAddress(set: AddressSet): Address | undefined {
  const first = set[0];
  return first && { family: first.family, value: first.start };
}

/** As networks where that is short, else as ranges. */
export function formatAddressSet(set: AddressSet): string {
  if (set.length === 0) return "nothing";
  return set.map((range) => formatNetwork(range) ?? formatRange(range)).join(", ");
}

/** A range of more than one address as the network that it is exactly, if there is one. */
function formatNetwork({ family, start, end }: AddressRange): string | undefined {
  const size = end - start + 1n;
  if (size === 1n || (size & (size - 1n)) !== 0n || (start & (size - 1n)) !== 0n) return undefined;
  const prefix = countAddressBits(family) - (size.toString(2).length - 1);
  return formatCidr({ family, base: start, prefix });
}
