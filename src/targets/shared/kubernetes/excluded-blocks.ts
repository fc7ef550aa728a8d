import type { PoolRange } from "../../../ir/plan.ts";
import { type Cidr, cidrsOverlap, compareCidrs, toRange } from "../../../net/cidr.ts";
import { splitIntoCidrs, subtractRanges } from "../../../net/range.ts";

/**
 * The blocks of a subnet that its pods are not given addresses from: reserved and fixed ones, those of gateways, and the
 * shares of other clusters. OVN itself never gives out the first address of a subnet, nor the last.
 */
export function computeExcludedBlocks(subnet: Cidr, pools: readonly PoolRange[]): readonly Cidr[] {
  const given = pools
    .filter((pool) => cidrsOverlap(pool.subnet, subnet))
    .flatMap(({ start, end, exclude }) =>
      subtractRanges({ family: start.family, start: start.value, end: end.value }, exclude),
    );
  const whole = toRange(subnet);
  return subtractRanges(whole, given)
    .filter(({ start, end }) => start !== end || (start !== whole.start && end !== whole.end))
    .flatMap(splitIntoCidrs)
    .sort(compareCidrs);
}
