import type { PoolRange } from "../../../ir/plan.ts";
import { type Cidr, compareCidrs, overlaps, rangeOf } from "../../../net/cidr.ts";
import { rangeToCidrs, subtractRanges } from "../../../net/range.ts";

/**
 * The blocks of a subnet that its pods are not given addresses from: reserved and fixed ones, those of gateways, and the
 * shares of other clusters. OVN itself never gives out the first address of a subnet, nor the last.
 */
export function leftOut(subnet: Cidr, pools: readonly PoolRange[]): readonly Cidr[] {
  const given = pools
    .filter((pool) => overlaps(pool.subnet, subnet))
    .flatMap(({ start, end, exclude }) =>
      subtractRanges({ family: start.family, start: start.value, end: end.value }, exclude),
    );
  const whole = rangeOf(subnet);
  return subtractRanges(whole, given)
    .filter(({ start, end }) => start !== end || (start !== whole.start && end !== whole.end))
    .flatMap(rangeToCidrs)
    .sort(compareCidrs);
}
