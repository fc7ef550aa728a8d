import type { Fabric } from "../ir/fabric.ts";
import { formatAddress } from "../net/address.ts";
import { type Cidr, computeHostRange } from "../net/cidr.ts";
import { type AddressRange, formatRange, parseRange, rangesOverlap, subtractRanges } from "../net/range.ts";
import type { AllocationPool, AllocationRequest, Holder, Shortage } from "./lock/allocator.ts";

/** How many addresses of a cluster's share are kept for gateways, so that a new one never meets a running pod. */
const KEPT_FOR_GATEWAYS = 16n;

/** An address, or a range of its own, that is asked for in one subnet. */
export interface AddressRequest extends AllocationRequest<AddressRange> {
  readonly subnet: Cidr;
  /** What the cluster gives out in this subnet, less reserved addresses. Sorted, disjoint. */
  readonly free: readonly AddressRange[];
  /** 1 for a gateway's address; more for a range of its own. */
  readonly size: number;
  /** No pod has addresses here, so a gateway may have any. */
  readonly noPods?: true;
  /** `the share of cluster `east` in 10.10.0.0/24 of isolationzone/pci`. */
  readonly words: string;
}

interface Bucket {
  readonly subnet: Cidr;
  readonly singles: Map<bigint, Holder>;
  readonly blocks: { readonly range: AddressRange; readonly holding: Holder }[];
}

export interface AddressPool extends AllocationPool<AddressRange> {
  /** Everything that is held in a subnet. */
  takenIn(subnet: Cidr): readonly AddressRange[];
}

/** Addresses of all subnets of one Fabric. Subnets must be disjoint; then an address says which one it is of. */
export function createAddressPool(fabric: Fabric, subnets: readonly Cidr[]): AddressPool {
  const scopes = [`fabric/${fabric.name}/`, ...fabric.clusters.map((name) => `cluster/${name}/`)];
  const buckets = subnets
    .map((subnet): Bucket => ({ subnet, singles: new Map(), blocks: [] }))
    .sort((a, b) => a.subnet.family - b.subnet.family || (a.subnet.base < b.subnet.base ? -1 : 1));
  const find = (range: AddressRange) => bucketOf(buckets, range);
  return {
    description: "the subnet",
    noun: "address",
    read: parseRange,
    format: formatRange,
    holder: (range) => holderIn(find(range), range),
    take(range, holding) {
      const bucket = find(range);
      if (!bucket) return;
      if (range.start === range.end) bucket.singles.set(range.start, holding);
      else bucket.blocks.push({ range, holding });
    },
    count: (request) => candidatesOf(request as AddressRequest).count,
    candidate: (request, index) => candidatesOf(request as AddressRequest).at(index),
    isAllowed: (request, range) => {
      const { free, size, subnet } = request as AddressRequest;
      if (range.end - range.start + 1n !== BigInt(size)) return false;
      // What was given out stays as long as hosts may have it; only a newcomer must be within the share.
      if (size === 1) return isInside(computeHostRange(subnet), range);
      return free.some((one) => isInside(one, range));
    },
    isLastResort: (request, range) => {
      const { free, size } = request as AddressRequest;
      return size > 1 && reserveGatewayAddresses(free).some((kept) => rangesOverlap(kept, range));
    },
    spareValues: (request) => listSpareRanges(request as AddressRequest),
    describeShortage: (request) => describeShortage(request as AddressRequest, find),
    ownsKey: (key) =>
      scopes.some((scope) => key.startsWith(scope)) && /\.ipv[46]$/.test(key) && !/\/subnet\.ipv[46]$/.test(key),
    takenIn(subnet) {
      const bucket = find({ family: subnet.family, start: subnet.base, end: subnet.base });
      if (!bucket) return [];
      const singles = [...bucket.singles.keys()].map((value) => ({ family: subnet.family, start: value, end: value }));
      return [...singles, ...bucket.blocks.map((block) => block.range)];
    },
  };
}

/**
 * Ranges that sit on no multiple of their size, and addresses of gateways where no pod has any, packed from the end of what gateways leave of a share.
 */
function listSpareRanges({ free, size, noPods }: AddressRequest): readonly AddressRange[] {
  if (size === 1 && !noPods) return [];
  const kept = reserveGatewayAddresses(free);
  const step = BigInt(size);
  return free
    .flatMap((one) => subtractRanges(one, kept))
    .reverse()
    .flatMap(({ family, start, end }) => {
      const count = (end - start + 1n) / step;
      return Array.from({ length: Number(count > SPARES ? SPARES : count) }, (_none, index) => {
        const last = end - BigInt(index) * step;
        return { family, start: last - step + 1n, end: last };
      });
    });
}

/** Of each stretch of free addresses. */
const SPARES = 256n;

/** Who has what of the addresses that a request may have. */
function describeShortage(request: AddressRequest, find: (range: AddressRange) => Bucket | undefined): Shortage {
  const { subnet, free, size, words } = request;
  const family = `IPv${subnet.family}`;
  const what = size === 1 ? `${family} address` : `range of ${size} ${family} addresses`;
  const bucket = find({ family: subnet.family, start: subnet.base, end: subnet.base });
  const total = sizeOf(free);
  const ranges = [...(bucket?.singles ?? [])].map(([value, holding]) => ({
    range: { family: subnet.family, start: value, end: value },
    holding,
  }));
  const taken = new Map<string, bigint>();
  for (const { range, holding } of [...ranges, ...(bucket?.blocks ?? [])])
    if (free.some((one) => rangesOverlap(one, range)))
      taken.set(holding.who, (taken.get(holding.who) ?? 0n) + range.end - range.start + 1n);
  const by = [...taken].sort(([a], [b]) => (a < b ? -1 : 1)).map(([who, count]) => `${count} by ${who}`);
  const kept =
    size === 1 && !request.noPods
      ? `, and gateways have the first ${sizeOf(reserveGatewayAddresses(free))} of them`
      : "";
  const notes = [`it has ${total} addresses to give${kept}`, ...(by.length > 0 ? [`taken are ${by.join(", ")}`] : [])];
  return { what, from: words, notes };
}

function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, one) => sum + one.end - one.start + 1n, 0n);
}

function isInside(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && inner.start >= outer.start && inner.end <= outer.end;
}

function bucketOf(buckets: readonly Bucket[], range: AddressRange): Bucket | undefined {
  let low = 0;
  let high = buckets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const { subnet } = buckets[middle] as Bucket;
    if (subnet.family < range.family || (subnet.family === range.family && subnet.base <= range.start)) low = middle;
    else high = middle - 1;
  }
  return buckets[low];
}

function holderIn(bucket: Bucket | undefined, range: AddressRange): Holder | undefined {
  if (!bucket) return undefined;
  const single = bucket.singles.get(range.start);
  if (single) return single;
  const block = bucket.blocks.find((one) => rangesOverlap(one.range, range));
  if (block || range.start === range.end) return block?.holding;
  for (const [value, holding] of bucket.singles) if (value >= range.start && value <= range.end) return holding;
  return undefined;
}

/** The first addresses of what a cluster may give out: for its gateways, never for pods. */
export function reserveGatewayAddresses(free: readonly AddressRange[]): AddressRange[] {
  const total = sizeOf(free);
  let left = total / 4n < KEPT_FOR_GATEWAYS ? total / 4n : KEPT_FOR_GATEWAYS;
  const kept: AddressRange[] = [];
  for (const { family, start, end } of free) {
    if (left <= 0n) break;
    const last = start + left - 1n < end ? start + left - 1n : end;
    kept.push({ family, start, end: last });
    left -= last - start + 1n;
  }
  return kept;
}

interface Candidates {
  readonly count: number;
  at(index: number): AddressRange;
}

function candidatesOf(request: AddressRequest): Candidates {
  const { subnet, free, size } = request;
  if (size === 1) {
    const kept = reserveGatewayAddresses(free);
    const count = kept.reduce((sum, one) => sum + one.end - one.start + 1n, 0n);
    return {
      count: Number(count),
      at(index) {
        let left = BigInt(index);
        for (const { family, start, end } of kept) {
          if (left <= end - start) return { family, start: start + left, end: start + left };
          left -= end - start + 1n;
        }
        throw new Error(`no candidate ${index} in ${formatAddress({ family: subnet.family, value: subnet.base })}`);
      },
    };
  }
  // Ranges sit on multiples of their size, so that those of a power of two are one network each.
  const first = free[0]?.start ?? subnet.base;
  const last = free.at(-1)?.end ?? subnet.base;
  const step = BigInt(size);
  const slot = (first - subnet.base + step - 1n) / step;
  const slots = (last - subnet.base + 1n) / step - slot;
  return {
    count: Number(slots < 0n ? 0n : slots > 1_000_000n ? 1_000_000n : slots),
    at: (index) => {
      const start = subnet.base + (slot + BigInt(index)) * step;
      return { family: subnet.family, start, end: start + step - 1n };
    },
  };
}
