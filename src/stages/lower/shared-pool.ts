import type { Ipam, Variant } from "../../ir/plan.ts";

/**
 * Variants of fixed addresses as what is left of them on a target that fixes none: their pods get addresses like all others
 * of the network, from its largest range. Where a network gives nothing out, there is nothing to get.
 */
export function replaceFixedByPool(variants: readonly Variant[]): readonly Variant[] {
  const pools = variants.filter((one) => one.ipam.mode === "pool");
  const [first, ...others] = pools;
  if (!first) return variants;
  const general = others.reduce((largest, one) => (sizeOf(one.ipam) > sizeOf(largest.ipam) ? one : largest), first);
  const { ipam, cniName } = general;
  return variants.map((one) => (one.ipam.mode === "fixed" && !one.forwards ? { ...one, ipam, cniName } : one));
}

function sizeOf(ipam: Ipam): bigint {
  if (ipam.mode !== "pool") return 0n;
  return ipam.pools.reduce((sum, { start, end }) => sum + end.value - start.value + 1n, 0n);
}
