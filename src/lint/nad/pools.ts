import type { Address } from "../../net/address.ts";
import { type Cidr, toRange } from "../../net/cidr.ts";
import { type AddressRange, subtractRanges, toSingleRange } from "../../net/range.ts";
import type { Path } from "../../source/place.ts";
import { type Fields, isFields } from "../read/lint-object.ts";
import { computeUsableRange, readAddress, readSubnet } from "./addresses.ts";

/** A range of addresses that an address plugin gives out. */
export interface AddressPoolRange {
  /** Of the key that says the range, from the `ipam` object. */
  readonly at: Path;
  readonly subnet: Cidr;
  /** What is given out: from start to end, without what is excluded. */
  readonly given: readonly AddressRange[];
}

/** The pools of an `ipam`, as far as they can be read. */
export function readPools(ipam: Fields): readonly AddressPoolRange[] {
  if (ipam.type === "host-local")
    return listHostLocalRanges(ipam).flatMap(({ at, fields }) => hostLocalPool(at, fields));
  if (ipam.type === "whereabouts")
    return listWhereaboutsRanges(ipam).flatMap(({ at, fields }) => whereaboutsPool(at, fields));
  return [];
}

export interface RangeFields {
  readonly at: Path;
  readonly fields: Fields;
}

/** The ranges of host-local: the old form beside `type`, then every set of `ranges`. */
export function listHostLocalRanges(ipam: Fields): readonly RangeFields[] {
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
export function listWhereaboutsRanges(ipam: Fields): readonly RangeFields[] {
  const more = Array.isArray(ipam.ipRanges) ? (ipam.ipRanges as readonly unknown[]) : [];
  return [
    ...(ipam.range === undefined || ipam.range === "" ? [] : [{ at: [], fields: ipam }]),
    ...more.flatMap((one, index) => (isFields(one) ? [{ at: ["ipRanges", index], fields: one }] : [])),
  ];
}

function buildRange(subnet: Cidr, start: Address | undefined, end: Address | undefined): AddressRange {
  const all = computeUsableRange(subnet);
  const inside = (address: Address | undefined) => address?.family === subnet.family && contains(subnet, address);
  return {
    family: subnet.family,
    start: start && inside(start) ? start.value : all.start,
    end: end && inside(end) ? end.value : all.end,
  };
}

function contains(subnet: Cidr, address: Address): boolean {
  const all = toRange(subnet);
  return address.value >= all.start && address.value <= all.end;
}

/** host-local keeps the gateway to itself: the one that is written, else the first address. */
function hostLocalPool(at: Path, fields: Fields): AddressPoolRange[] {
  const subnet = readSubnet(fields.subnet);
  if (!subnet) return [];
  const range = buildRange(subnet, readAddress(fields.rangeStart), readAddress(fields.rangeEnd));
  if (range.end < range.start) return [];
  const gateway = readAddress(fields.gateway) ?? { family: subnet.family, value: subnet.base + 1n };
  return [{ at: [...at, "subnet"], subnet, given: subtractRanges(range, [toSingleRange(gateway)]) }];
}

/** whereabouts: `CIDR`, or `start-end/prefix`, with `range_start` and `range_end` within. */
function whereaboutsPool(at: Path, fields: Fields): AddressPoolRange[] {
  const parts = /^(?:([^-/]+)-)?([^/]+\/\d+)$/.exec(typeof fields.range === "string" ? fields.range.trim() : "");
  const subnet = readSubnet(parts?.[2]);
  if (!subnet) return [];
  const first = readAddress(parts?.[1]);
  const last = first && readAddress(parts?.[2]?.split("/")[0]);
  const range = buildRange(subnet, readAddress(fields.range_start) ?? first, readAddress(fields.range_end) ?? last);
  if (range.end < range.start) return [];
  const excluded = (Array.isArray(fields.exclude) ? (fields.exclude as readonly unknown[]) : []).flatMap((one) => {
    const network = readSubnet(one);
    const single = readAddress(one);
    return network ? [toRange(network)] : single ? [toSingleRange(single)] : [];
  });
  return [{ at: [...at, "range"], subnet, given: subtractRanges(range, excluded) }];
}
