import { countAddressBits, type Family } from "./address.ts";
import { type Cidr, toRange } from "./cidr.ts";

/** Networks with something that belongs to each: those that a network overlaps are found without asking all. */
export interface CidrIndex<Value> {
  findOverlapping(cidr: Cidr): readonly Value[];
}

interface Entry<Value> {
  readonly cidr: Cidr;
  readonly values: Value[];
}

/** Two networks overlap only where one holds the other: so what holds it is looked up, and what begins within it. */
export function createCidrIndex<Value>(entries: readonly (readonly [Cidr, Value])[]): CidrIndex<Value> {
  const known = new Map<string, Entry<Value>>();
  const sorted: Readonly<Record<Family, Entry<Value>[]>> = { 4: [], 6: [] };
  for (const [cidr, value] of entries) {
    const key = keyOf(cidr.family, cidr.prefix, cidr.base);
    const before = known.get(key);
    if (before) before.values.push(value);
    else {
      const entry = { cidr, values: [value] };
      known.set(key, entry);
      sorted[cidr.family].push(entry);
    }
  }
  for (const list of Object.values(sorted)) list.sort((a, b) => (a.cidr.base < b.cidr.base ? -1 : 1));
  return {
    findOverlapping(cidr) {
      const { family, prefix, base } = cidr;
      const found: Value[] = [];
      for (let wider = 0; wider < prefix; wider++) {
        const host = BigInt(countAddressBits(family) - wider);
        for (const value of known.get(keyOf(family, wider, (base >> host) << host))?.values ?? []) found.push(value);
      }
      const list = sorted[family];
      const { start, end } = toRange(cidr);
      for (let index = firstFrom(list, start); index < list.length; index++) {
        const entry = list[index] as Entry<Value>;
        if (entry.cidr.base > end) break;
        // A wider one that begins at the same address was found above.
        if (entry.cidr.prefix >= prefix) for (const value of entry.values) found.push(value);
      }
      return found;
    },
  };
}

function keyOf(family: Family, prefix: number, base: bigint): string {
  return `${family} ${prefix} ${base}`;
}

/** The first entry that begins at an address, or after it. */
function firstFrom(list: readonly Entry<unknown>[], start: bigint): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as Entry<unknown>).cidr.base < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
