import type { Address } from "../../net/address.ts";
import { type Cidr, rangeOf } from "../../net/cidr.ts";
import { type AddressRange, oneAddress, subtractRanges } from "../../net/range.ts";
import type { Path } from "../../source/place.ts";
import { type Fields, isFields } from "../read/lint-object.ts";
import { addressOf, subnetOf, usable } from "./addresses.ts";

/** A range of addresses that an address plugin gives out. */
export interface Pool {
  /** Of the key that says the range, from the `ipam` object. */
  readonly at: Path;
  readonly subnet: Cidr;
  /** What is given out: from start to end, without what is excluded. */
  readonly given: readonly AddressRange[];
}

/** The pools of an `ipam`, as far as they can be read. */
export function poolsOf(ipam: Fields): readonly Pool[] {
  if (ipam.type === "host-local") return hostLocalRanges(ipam).flatMap(({ at, fields }) => hostLocalPool(at, fields));
  if (ipam.type === "whereabouts")
    return whereaboutsRanges(ipam).flatMap(({ at, fields }) => whereaboutsPool(at, fields));
  return [];
}

export interface RangeFields {
  readonly at: Path;
  readonly fields: Fields;
}

/** The ranges of host-local: the old form beside `type`, then every set of `ranges`. */
export function hostLocalRanges(ipam: Fields): readonly RangeFields[] {
  const sets = Array.isArray(ipam.ranges) ? (ipam.ranges as readonly unknown[]) : [];
  return [
    ...(ipam.subnet === undefined ? [] : [{ at: [], fields: ipam }]),
    ...sets.flatMap((set, i) =>
      (Array.isArray(set) ? (set as readonly unknown[]) : []).flatMap((one, j) =>
        isFields(one) ? [{ at: ["ranges", i, j], fields: one }] : [],
      ),
    ),
  ];
}

/** The ranges of whereabouts: `range` beside `type`, then `ipRanges`. */
export function whereaboutsRanges(ipam: Fields): readonly RangeFields[] {
  const more = Array.isArray(ipam.ipRanges) ? (ipam.ipRanges as readonly unknown[]) : [];
  return [
    ...(ipam.range === undefined || ipam.range === "" ? [] : [{ at: [], fields: ipam }]),
    ...more.flatMap((one, index) => (isFields(one) ? [{ at: ["ipRanges", index], fields: one }] : [])),
  ];
}

function between(subnet: Cidr, start: Address | undefined, end: Address | undefined): AddressRange {
  const all = usable(subnet);
  const inside = (address: Address | undefined) => address?.family === subnet.family && contains(subnet, address);
  return {
    family: subnet.family,
    start: start && inside(start) ? start.value : all.start,
    end: end && inside(end) ? end.value : all.end,
  };
}

function contains(subnet: Cidr, address: Address): boolean {
  const all = rangeOf(subnet);
  return address.value >= all.start && address.value <= all.end;
}

/** host-local keeps the gateway to itself: the one that is written, else the first address. */
function hostLocalPool(at: Path, fields: Fields): Pool[] {
  const subnet = subnetOf(fields.subnet);
  if (!subnet) return [];
  const range = between(subnet, addressOf(fields.rangeStart), addressOf(fields.rangeEnd));
  if (range.end < range.start) return [];
  const gateway = addressOf(fields.gateway) ?? { family: subnet.family, value: subnet.base + 1n };
  return [{ at: [...at, "subnet"], subnet, given: subtractRanges(range, [oneAddress(gateway)]) }];
}

/** whereabouts: `CIDR`, or `start-end/prefix`, with `range_start` and `range_end` within. */
function whereaboutsPool(at: Path, fields: Fields): Pool[] {
  const parts = /^(?:([^-/]+)-)?([^/]+\/\d+)$/.exec(typeof fields.range === "string" ? fields.range.trim() : "");
  const subnet = subnetOf(parts?.[2]);
  if (!subnet) return [];
  const first = addressOf(parts?.[1]);
  const last = first && addressOf(parts?.[2]?.split("/")[0]);
  const range = between(subnet, addressOf(fields.range_start) ?? first, addressOf(fields.range_end) ?? last);
  if (range.end < range.start) return [];
  const excluded = (Array.isArray(fields.exclude) ? (fields.exclude as readonly unknown[]) : []).flatMap((one) => {
    const network = subnetOf(one);
    const single = addressOf(one);
    return network ? [rangeOf(network)] : single ? [oneAddress(single)] : [];
  });
  return [{ at: [...at, "range"], subnet, given: subtractRanges(range, excluded) }];
}
