import type { AddressSet } from "./address-set.ts";

interface Edge {
  readonly family: 4 | 6;
  readonly at: bigint;
  readonly block: number;
  readonly opens: boolean;
}

/**
 * Addresses cut along blocks, so that each part is in a block as a whole or not at all. Those of the first block come first.
 * One walk over the sorted ends of all ranges.
 */
export function splitAlong(whole: AddressSet, blocks: readonly AddressSet[]): readonly AddressSet[] {
  const edges: Edge[] = [whole, ...blocks].flatMap((set, block) =>
    set.flatMap(({ family, start, end }): Edge[] => [
      { family, at: start, block, opens: true },
      { family, at: end + 1n, block, opens: false },
    ]),
  );
  edges.sort((a, b) => a.family - b.family || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
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
  return [...parts.values()].sort((a, b) => byBlocks(a.of, b.of)).map((part) => part.ranges);
}

function byBlocks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((block, index) => block !== b[index]);
  if (at < 0) return b.length - a.length;
  return b[at] === undefined ? -1 : (a[at] as number) - (b[at] as number);
}
