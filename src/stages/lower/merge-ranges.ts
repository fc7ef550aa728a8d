import type { PoolRange, Variant } from "../../ir/plan.ts";
import { formatCidr } from "../../net/cidr.ts";
import { mergeRanges, subtractRanges } from "../../net/range.ts";

/** Variants that give out addresses from all of their ranges together, for a target that has one range for a network. */
export function mergePoolRanges(variants: readonly Variant[]): readonly Variant[] {
  const pools = mergePools(variants.flatMap(({ ipam }) => (ipam.mode === "pool" ? ipam.pools : [])));
  return variants.map((one) => (one.ipam.mode === "pool" ? { ...one, ipam: { mode: "pool", pools } } : one));
}

function mergePools(pools: readonly PoolRange[]): readonly PoolRange[] {
  const bySubnet = new Map(pools.map(({ subnet }) => [formatCidr(subnet), subnet]));
  return [...bySubnet].map(([text, subnet]) => {
    const { family } = subnet;
    const given = mergeRanges(
      pools
        .filter((pool) => formatCidr(pool.subnet) === text)
        .flatMap(({ start, end, exclude }) => subtractRanges({ family, start: start.value, end: end.value }, exclude)),
    );
    const start = given[0]?.start ?? subnet.base;
    const end = given.at(-1)?.end ?? subnet.base;
    const exclude = subtractRanges({ family, start, end }, given);
    return { subnet, start: { family, value: start }, end: { family, value: end }, exclude };
  });
}
