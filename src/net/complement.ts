import { bitsOf, type Family } from "./address.ts";
import { type Cidr, rangeOf } from "./cidr.ts";
import { rangeToCidrs, subtractRanges } from "./range.ts";

/** Every address of a family that is in none of these networks, in the fewest networks, sorted. */
export function everythingBut(family: Family, taken: readonly Cidr[]): readonly Cidr[] {
  const whole = { family, start: 0n, end: (1n << BigInt(bitsOf(family))) - 1n };
  return subtractRanges(whole, taken.map(rangeOf)).flatMap(rangeToCidrs);
}
