import type { AddressSet } from "./address-set.ts";

/** How much is on the parts that blocks are cut into, each block weighing on all of its parts. */
export function countOverlaps(blocks: readonly AddressSet[], weights: readonly number[]): number {
  const edges = edgesOf(blocks);
  let [sum, open] = [0, 0];
  for (const { block, opens } of edges) {
    open += (opens ? 1 : -1) * (weights[block] ?? 1);
    sum += open;
  }
  return sum;
}

interface Edge {
  readonly family: 4 | 6;
  readonly at: bigint;
  readonly block: number;
  readonly opens: boolean;
}

/** Addresses that are in the same blocks. */
export interface AddressPart {
  readonly addresses: AddressSet;
  /** Places of the blocks, ascending. */
  readonly blocks: readonly number[];
}

/**
 * Addresses cut along blocks, so that each part is in a block as a whole or not at all. Those of the first block come first.
 * One walk over the sorted ends of all ranges.
 */
export function splitByBlocks(whole: AddressSet, blocks: readonly AddressSet[]): readonly AddressPart[] {
  const edges = edgesOf([whole, ...blocks]);
  const open = new Set<number>();
  const parts = new Map<string, { readonly of: readonly number[]; readonly ranges: AddressSet[number][] }>();
  for (let next = 0; next < edges.length; ) {
    const { family, at } = edges[next] as Edge;
    for (; next < edges.length && edges[next]?.family === family && edges[next]?.at === at; next++) {
      const { block, opens } = edges[next] as Edge;
      if (opens) open.add(block);
      else open.delete(block);
    }
    const end = edges[next]?.at;
    if (!open.has(0) || end === undefined) continue;
    const of = [...open].sort((a, b) => a - b);
    const part = parts.get(of.join()) ?? { of, ranges: [] };
    parts.set(of.join(), part);
    const last = part.ranges.at(-1);
    if (last && last.family === family && last.end + 1n === at) part.ranges.splice(-1, 1, { ...last, end: end - 1n });
    else part.ranges.push({ family, start: at, end: end - 1n });
  }
  return [...parts.values()]
    .sort((a, b) => byBlocks(a.of, b.of))
    .map(({ of, ranges }) => ({ addresses: ranges, blocks: of.slice(1).map((place) => place - 1) }));
}

/** The ends of all ranges, in order. */
function edgesOf(sets: readonly AddressSet[]): readonly Edge[] {
  const edges: Edge[] = sets.flatMap((set, block) =>
    set.flatMap(({ family, start, end }): Edge[] => [
      { family, at: start, block, opens: true },
      { family, at: end + 1n, block, opens: false },
    ]),
  );
  return edges.sort((a, b) => a.family - b.family || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function byBlocks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((block, index) => block !== b[index]);
  if (at < 0) return b.length - a.length;
  return b[at] === undefined ? -1 : (a[at] as number) - (b[at] as number);
}
