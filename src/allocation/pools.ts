import type { PoolRange } from "../ir/plan.ts";
import { type AddressRange, mergeRanges, rangesOverlap, subtractRanges } from "../net/range.ts";
import { reserveGatewayAddresses } from "./address-space.ts";
import type { Allocations } from "./claims.ts";
import type { SegmentState } from "./segment-state.ts";

/**
 * What pods without addresses of their own are given: the cluster's share less what is kept for gateways, own ranges
 * and everything given out by name. One range per subnet, with what is not its to give taken out.
 */
export function listSharedPools(site: SegmentState, given: Allocations): readonly PoolRange[] {
  return site.subnets.flatMap((subnet) => {
    const share = site.free.get(subnet) ?? [];
    const held = given.space.takenIn(subnet);
    // Pods had all of what was there before, and will go on having it.
    const kept = site.request.spec.existing ? [] : reserveGatewayAddresses(share);
    const free = share.flatMap((range) => subtractRanges(range, [...kept, ...held]));
    return poolOf(subnet, free);
  });
}

/** The ranges of a member's own. */
export function listOwnPools(site: SegmentState, ranges: readonly AddressRange[]): readonly PoolRange[] {
  return site.subnets.flatMap((subnet) =>
    poolOf(
      subnet,
      ranges.filter((range) => rangesOverlap(range, wholeOf(subnet))),
    ),
  );
}

function wholeOf(subnet: PoolRange["subnet"]): AddressRange {
  const host = BigInt((subnet.family === 4 ? 32 : 128) - subnet.prefix);
  return { family: subnet.family, start: subnet.base, end: subnet.base + (1n << host) - 1n };
}

function poolOf(subnet: PoolRange["subnet"], free: readonly AddressRange[]): readonly PoolRange[] {
  const merged = mergeRanges(free);
  const first = merged[0];
  const last = merged.at(-1);
  if (!first || !last) return [];
  const { family } = subnet;
  const exclude = subtractRanges({ family, start: first.start, end: last.end }, merged);
  return [{ subnet, start: { family, value: first.start }, end: { family, value: last.end }, exclude }];
}
