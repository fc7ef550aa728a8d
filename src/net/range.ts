import { type Address, countAddressBits, type Family, formatAddress, parseAddress } from "./address.ts";
import type { Cidr } from "./cidr.ts";

/** Addresses from `start` to `end`, both included. */
export interface AddressRange {
  readonly family: Family;
  readonly start: bigint;
  readonly end: bigint;
}

/** Reads `a-b` or a single address. */
export function parseRange(text: string): AddressRange | undefined {
  const dash = text.indexOf("-");
  const start = parseAddress(dash < 0 ? text : text.slice(0, dash).trim());
  const end = dash < 0 ? start : parseAddress(text.slice(dash + 1).trim());
  if (!start || !end || start.family !== end.family || end.value < start.value) return undefined;
  return { family: start.family, start: start.value, end: end.value };
}

export function formatRange(range: AddressRange): string {
  const start = formatAddress({ family: range.family, value: range.start });
  return range.start === range.end ? start : `${start}-${formatAddress({ family: range.family, value: range.end })}`;
}

export function toSingleRange(address: Address): AddressRange {
  return { family: address.family, start: address.value, end: address.value };
}

export function containsRangeAddress(range: AddressRange, address: Address): boolean {
  return range.family === address.family && address.value >= range.start && address.value <= range.end;
}

export function rangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.start <= b.end && b.start <= a.end;
}

function byStart(a: AddressRange, b: AddressRange): number {
  return a.family - b.family || (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);
}

/** The same addresses in the fewest ranges, sorted. */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: { family: Family; start: bigint; end: bigint }[] = [];
  for (const range of [...ranges].sort(byStart)) {
    const last = merged.at(-1);
    if (last && last.family === range.family && range.start <= last.end + 1n) {
      if (range.end > last.end) last.end = range.end;
    } else merged.push({ ...range });
  }
  return merged;
}

/** What is left of a range when others are taken out, sorted. */
export function subtractRanges(from: AddressRange, taken: readonly AddressRange[]): AddressRange[] {
  const left: AddressRange[] = [];
  let start = from.start;
  for (const range of mergeRanges(taken.filter((one) => rangesOverlap(one, from)))) {
    if (range.start > start) left.push({ family: from.family, start, end: range.start - 1n });
    if (range.end + 1n > start) start = range.end + 1n;
  }
  if (start <= from.end) left.push({ family: from.family, start, end: from.end });
  return left;
}

/** The fewest networks that cover exactly a range. */
export function splitIntoCidrs(range: AddressRange): Cidr[] {
  const bits = countAddressBits(range.family);
  const networks: Cidr[] = [];
  let start = range.start;
  while (start <= range.end) {
    let host = 0;
    while (
      host < bits &&
      (start & ((1n << BigInt(host + 1)) - 1n)) === 0n &&
      start + (1n << BigInt(host + 1)) - 1n <= range.end
    )
      host++;
    networks.push({ family: range.family, base: start, prefix: bits - host });
    start += 1n << BigInt(host);
  }
  return networks;
}
