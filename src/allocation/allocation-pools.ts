import type { Pool } from "../ir/fabric.ts";
import { countAddressBits, type Family } from "../net/address.ts";
import { type Cidr, cidrsOverlap, countAddresses, formatCidr, parseCidr } from "../net/cidr.ts";
import { containsVlan, type VlanRange } from "../net/vlan.ts";
import type { AllocationPool, AllocationRequest, Holder } from "./lock/allocator.ts";

/** VLAN ids of one uplink of a Fabric. */
export function createVlanPool(fabric: string, uplink: string, ranges: readonly VlanRange[]): AllocationPool<number> {
  const held = new Map<number, Holder>();
  const total = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return {
    description: `the \`vlans\` of uplink \`${uplink}\``,
    noun: "VLAN",
    read: (text) => (/^\d{1,4}$/.test(text) ? Number(text) : undefined),
    format: String,
    holder: (vlan) => held.get(vlan),
    take: (vlan, holding) => void held.set(vlan, holding),
    count: () => total,
    candidate: (_request, index) => nth(ranges, index),
    isAllowed: (_request, vlan) => containsVlan(ranges, vlan),
    ownsKey: (key) => key.startsWith(`fabric/${fabric}/`) && key.endsWith(`/vlan.${uplink}`),
  };
}

function nth(ranges: readonly VlanRange[], index: number): number {
  let left = index;
  for (const { first, last } of ranges) {
    if (left <= last - first) return first + left;
    left -= last - first + 1;
  }
  throw new Error("a VLAN candidate beyond the ranges");
}

export interface SubnetRequest extends AllocationRequest<Cidr> {
  readonly family: Family;
  readonly pool: Pool | undefined;
}

/** Subnets of one Fabric: disjoint from each other and from the clusters' own networks. */
export function createSubnetPool(
  fabric: string,
  blocked: readonly { readonly cidr: Cidr; readonly holding: Holder }[],
): AllocationPool<Cidr> {
  // Most subnets are slots of a pool and found by their text; the few others are compared one by one.
  const slots = new Map<string, Holder>();
  const prefixes = new Set<string>();
  const all = new Map<string, { cidr: Cidr; holding: Holder }[]>();
  const note = (cidr: Cidr, holding: Holder) => {
    slots.set(formatCidr(cidr), holding);
    const size = `${cidr.family}/${cidr.prefix}`;
    prefixes.add(size);
    const list = all.get(size) ?? [];
    list.push({ cidr, holding });
    all.set(size, list);
  };
  for (const { cidr, holding } of blocked) note(cidr, holding);
  return {
    description: `the pools of Fabric \`${fabric}\``,
    noun: "subnet",
    read: (text) => {
      const cidr = parseCidr(text);
      return typeof cidr === "string" ? undefined : cidr;
    },
    format: formatCidr,
    holder: (cidr) => holderOf(cidr, slots, prefixes, all),
    take: note,
    count: (request) => slotCount((request as SubnetRequest).pool),
    candidate: (request, index) => slotOf((request as SubnetRequest).pool as Pool, index),
    isAllowed: (request, cidr) => {
      const { pool } = request as SubnetRequest;
      return pool !== undefined && cidr.prefix === pool.prefixLength && cidrsOverlap(pool.cidr, cidr);
    },
    ownsKey: (key) => key.startsWith(`fabric/${fabric}/`) && /\/subnet\.ipv[46]$/.test(key),
  };
}

/** Wider networks by looking up each size once; narrower ones one by one, which only mixed sizes need. */
function holderOf(
  cidr: Cidr,
  slots: ReadonlyMap<string, Holder>,
  prefixes: ReadonlySet<string>,
  all: ReadonlyMap<string, readonly { cidr: Cidr; holding: Holder }[]>,
): Holder | undefined {
  const bits = countAddressBits(cidr.family);
  for (const size of prefixes) {
    const [family, prefix] = size.split("/").map(Number) as [Family, number];
    if (family !== cidr.family) continue;
    if (prefix <= cidr.prefix) {
      const host = BigInt(bits - prefix);
      const found = slots.get(formatCidr({ family, base: (cidr.base >> host) << host, prefix }));
      if (found) return found;
    } else {
      const inside = all.get(size)?.find((other) => cidrsOverlap(other.cidr, cidr));
      if (inside) return inside.holding;
    }
  }
  return undefined;
}

function slotCount(pool: Pool | undefined): number {
  if (!pool || pool.prefixLength < pool.cidr.prefix) return 0;
  return Math.min(2 ** (pool.prefixLength - pool.cidr.prefix), 2 ** 31);
}

function slotOf(pool: Pool, index: number): Cidr {
  const { family, base } = pool.cidr;
  const size = countAddresses({ family, base, prefix: pool.prefixLength });
  return { family, base: base + BigInt(index) * size, prefix: pool.prefixLength };
}

/** Small numbers whose uniqueness is by group: router ids by VLAN, priorities by cluster. */
export interface GroupedNumber {
  readonly group: string;
  readonly number: number;
}

export interface NumberRequest extends AllocationRequest<GroupedNumber> {
  readonly group: string;
  readonly first: number;
  readonly last: number;
}

export function createNumberPool(
  noun: string,
  description: string,
  groupOf: (key: string) => string | undefined,
): AllocationPool<GroupedNumber> {
  const held = new Map<string, Holder>();
  const name = ({ group, number }: GroupedNumber) => `${group}:${number}`;
  return {
    description,
    noun,
    read: (text, key) => {
      const group = groupOf(key);
      return group !== undefined && /^\d{1,4}$/.test(text) ? { group, number: Number(text) } : undefined;
    },
    format: ({ number }) => String(number),
    holder: (value) => held.get(name(value)),
    take: (value, holding) => void held.set(name(value), holding),
    count: (request) => (request as NumberRequest).last - (request as NumberRequest).first + 1,
    candidate: (request, index) => {
      const { group, first } = request as NumberRequest;
      return { group, number: first + index };
    },
    isAllowed: (request, value) => {
      const { group, first, last } = request as NumberRequest;
      return value.group === group && value.number >= first && value.number <= last;
    },
    ownsKey: (key) => groupOf(key) !== undefined,
  };
}
