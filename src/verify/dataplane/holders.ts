import { type AddressSet, unite } from "../headerspace/address-set.ts";
import type { Member } from "../model/model.ts";
import type { Interface } from "../model/pods/node.ts";

/** Everything that answers on a link: own addresses and those of the active member. */
export function heldBy(link: Interface): AddressSet {
  return link.virtual.length === 0 ? link.addresses : unite(link.addresses, link.virtual);
}

/** Ranges that members of a link hold, of one family, by their start. */
interface Held {
  readonly starts: readonly bigint[];
  readonly ends: readonly bigint[];
  /** The last address of this range and of all before it. */
  readonly furthest: readonly bigint[];
  /** Places of the members in their list. */
  readonly members: readonly number[];
}

/** Below that, looking at each is faster. */
const FEW = 32;
const indexes = new WeakMap<readonly Member[], Readonly<Record<4 | 6, Held>>>();

/**
 * At least those members of a link who hold any of some addresses, in the order of the list: all, where that is a good part
 * of them.
 */
export function holders(members: readonly Member[], of: AddressSet): readonly Member[] {
  if (members.length < FEW) return members;
  const index = indexes.get(members) ?? { 4: heldOf(members, 4), 6: heldOf(members, 6) };
  indexes.set(members, index);
  const most = members.length / 4;
  const found = new Set<number>();
  let steps = 0;
  for (const { family, start, end } of of) {
    const { starts, ends, furthest, members: whose } = index[family];
    for (let at = after(starts, end) - 1; at >= 0 && (furthest[at] as bigint) >= start; at--) {
      if (++steps > most) return members;
      if ((ends[at] as bigint) >= start) found.add(whose[at] as number);
    }
  }
  return [...found].sort((a, b) => a - b).map((at) => members[at] as Member);
}

function heldOf(members: readonly Member[], family: 4 | 6): Held {
  const ranges = members
    .flatMap((member, at) => heldBy(member.interface).map((range) => ({ ...range, at })))
    .filter((one) => one.family === family)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.at - b.at));
  let most = -1n;
  const furthest = ranges.map(({ end }) => {
    if (end > most) most = end;
    return most;
  });
  return {
    starts: ranges.map((one) => one.start),
    ends: ranges.map((one) => one.end),
    furthest,
    members: ranges.map((one) => one.at),
  };
}

/** How many begin at an address or before it. */
function after(starts: readonly bigint[], address: bigint): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as bigint) <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
