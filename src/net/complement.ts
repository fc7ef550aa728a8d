import { countAddressBits, type Family } from "./address.ts";
import { type Cidr, toRange } from "./cidr.ts";
import { splitIntoCidrs, subtractRanges } from "./range.ts";

/** Every address of a family that is in none of these networks, in the fewest networks, sorted. */
export function complementCidrs(family: Family, taken: readonly Cidr[]): readonly Cidr[] {
  const whole = { family, start: 0n, end: (1n << BigInt(countAddressBits(family))) - 1n };
  return subtractRanges(whole, taken.map(toRange)).flatMap(splitIntoCidrs);
}
