import { type AddressSet, uniteAddresses } from "../headerspace/address-set.ts";
import type { DomainMember } from "../model/model.ts";
import type { Interface } from "../model/pods/node.ts";

/** Everything that answers on a link: own addresses and those of the active member. */
export function listHeldAddresses(link: Interface): AddressSet {
  return link.virtual.length === 0 ? link.addresses : uniteAddresses(link.addresses, link.virtual);
}

/** Ranges that members of a link hold, of one family, by their start. */
interface OwnedRanges {
  readonly starts: readonly bigint[];
  readonly ends: readonly bigint[];
  /** The last address of this range and of all before it. */
  readonly furthest: readonly bigint[];
  /** Places of the members in their list. */
  readonly members: readonly number[];
}

/** Below that, looking at each is faster. */
const FEW = 32;
const indexes = new WeakMap<readonly DomainMember[], Readonly<Record<4 | 6, OwnedRanges>>>();

/**
 * At least those members of a link who hold any of some addresses, in the order of the list: all, where that is a good part
 * of them.
 */
export function findAddressOwners(members: readonly DomainMember[], of: AddressSet): readonly DomainMember[] {
  if (members.length < FEW) return members;
  const index = indexes.get(members) ?? { 4: indexOwnedRanges(members, 4), 6: indexOwnedRanges(members, 6) };
  indexes.set(members, index);
  const most = members.length / 4;
  const found = new Set<number>();
  let steps = 0;
  for (const { family, start, end } of of) {
    const { starts, ends, furthest, members: whose } = index[family];
    for (let at = countUpTo(starts, end) - 1; at >= 0 && (furthest[at] as bigint) >= start; at--) {
      if (++steps > most) return members;
      if ((ends[at] as bigint) >= start) found.add(whose[at] as number);
    }
  }
  return [...found].sort((a, b) => a - b).map((at) => members[at] as DomainMember);
}

function indexOwnedRanges(members: readonly DomainMember[], family: 4 | 6): OwnedRanges {
  const ranges = members
    .flatMap((member, at) => listHeldAddresses(member.interface).map((range) => ({ ...range, at })))
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
function countUpTo(starts: readonly bigint[], address: bigint): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as bigint) <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
