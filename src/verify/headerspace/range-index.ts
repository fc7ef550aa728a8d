import type { AddressRange } from "../../net/range.ts";
import type { AddressSet } from "./address-set.ts";

/** Things that hold addresses: those that hold any of some are found without asking all. */
export interface RangeIndex {
  /** Places of the holders in their list, ascending. */
  findOverlapping(set: AddressSet): readonly number[];
}

interface Entry extends AddressRange {
  readonly holder: number;
}

/** Ranges by their start, with the last address of each stretch of them: an interval tree in arrays. */
export function createRangeIndex(holders: readonly AddressSet[]): RangeIndex {
  const entries = holders.flatMap((set, holder) => set.map((range): Entry => ({ ...range, holder })));
  const trees = {
    4: treeOf(entries.filter((one) => one.family === 4)),
    6: treeOf(entries.filter((one) => one.family === 6)),
  };
  return {
    findOverlapping(set) {
      const found = new Set<number>();
      for (const range of set) collect(trees[range.family], 0, trees[range.family].sorted.length, range, found);
      return [...found].sort((a, b) => a - b);
    },
  };
}

interface Tree {
  readonly sorted: readonly Entry[];
  /** The last address of the stretch whose middle an entry is. */
  readonly last: readonly bigint[];
}

function treeOf(entries: readonly Entry[]): Tree {
  const sorted = [...entries].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const last = new Array<bigint>(sorted.length);
  fill(sorted, last, 0, sorted.length);
  return { sorted, last };
}

function fill(sorted: readonly Entry[], last: bigint[], low: number, high: number): bigint {
  if (low >= high) return -1n;
  const middle = (low + high) >> 1;
  const ends = [fill(sorted, last, low, middle), fill(sorted, last, middle + 1, high)];
  const most = ends.reduce((a, b) => (a > b ? a : b), (sorted[middle] as Entry).end);
  last[middle] = most;
  return most;
}

function collect({ sorted, last }: Tree, low: number, high: number, range: AddressRange, found: Set<number>): void {
  if (low >= high) return;
  const middle = (low + high) >> 1;
  if ((last[middle] as bigint) < range.start) return;
  collect({ sorted, last }, low, middle, range, found);
  const { start, end, holder } = sorted[middle] as Entry;
  if (start > range.end) return;
  if (end >= range.start) found.add(holder);
  collect({ sorted, last }, middle + 1, high, range, found);
}
