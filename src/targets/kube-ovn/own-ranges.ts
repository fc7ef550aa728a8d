import type { Network, PoolRange, Variant } from "../../ir/plan.ts";
import type { Address } from "../../net/address.ts";
import { type AddressRange, subtractRanges } from "../../net/range.ts";

/** Addresses that stand one by one in an annotation. */
const MOST = 256n;

const shared = new WeakMap<Network, readonly PoolRange[]>();

/** A Subnet gives out the largest range of its network by itself; pods of any other range say which addresses are theirs. */
export function listSharedRanges(network: Network): readonly PoolRange[] {
  const known = shared.get(network);
  if (known) return known;
  const ranges = network.variants.flatMap(({ ipam }) => (ipam.mode === "pool" ? [ipam.pools] : []));
  const made = ranges.reduce((largest, one) => (sizeOf(one) > sizeOf(largest) ? one : largest), ranges[0] ?? []);
  shared.set(network, made);
  return made;
}

/**
 * The addresses of a range that the Subnet does not give out by itself, an address of each family at a time; undefined where
 * the families do not have as many, or they are too many to be listed.
 */
export function listOwnRange(network: Network, { ipam }: Variant): readonly (readonly Address[])[] | undefined {
  if (ipam.mode !== "pool" || keyOf(ipam.pools) === keyOf(listSharedRanges(network))) return [];
  const families = ([4, 6] as const)
    .map((family) => ipam.pools.filter((one) => one.subnet.family === family))
    .filter((pools) => pools.length > 0);
  const [size, ...others] = families.map(sizeOf);
  if (size === undefined || size > MOST || others.some((one) => one !== size)) return undefined;
  const lists = families.map((pools) => pools.flatMap(listPoolRanges).flatMap(addressesOf));
  return Array.from({ length: Number(size) }, (_none, index) => lists.map((one) => one[index] as Address));
}

export function listPoolRanges({ start, end, exclude }: PoolRange): readonly AddressRange[] {
  return subtractRanges({ family: start.family, start: start.value, end: end.value }, exclude);
}

function addressesOf({ family, start, end }: AddressRange): readonly Address[] {
  return Array.from({ length: Number(end - start) + 1 }, (_none, index) => ({ family, value: start + BigInt(index) }));
}

function sizeOf(pools: readonly PoolRange[]): bigint {
  return pools.flatMap(listPoolRanges).reduce((sum, { start, end }) => sum + end - start + 1n, 0n);
}

function keyOf(pools: readonly PoolRange[]): string {
  return pools.map(({ start, end }) => `${start.family} ${start.value}-${end.value}`).join();
}
