import type { Pool } from "../ir/fabric.ts";
import { bitsOf, type Family } from "../net/address.ts";
import { type Cidr, formatCidr, overlaps, parseCidr, sizeOf } from "../net/cidr.ts";
import { type VlanRange, vlanWithin } from "../net/vlan.ts";
import type { Holding, Request, Space } from "./lock/allocator.ts";

/** VLAN ids of one uplink of a Fabric. */
export function vlanSpace(fabric: string, uplink: string, ranges: readonly VlanRange[]): Space<number> {
  const held = new Map<number, Holding>();
  const total = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return {
    words: `the \`vlans\` of uplink \`${uplink}\``,
    noun: "VLAN",
    read: (text) => (/^\d{1,4}$/.test(text) ? Number(text) : undefined),
    format: String,
    holder: (vlan) => held.get(vlan),
    take: (vlan, holding) => void held.set(vlan, holding),
    count: () => total,
    candidate: (_request, index) => nth(ranges, index),
    allows: (_request, vlan) => vlanWithin(ranges, vlan),
    owns: (key) => key.startsWith(`fabric/${fabric}/`) && key.endsWith(`/vlan.${uplink}`),
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

export interface SubnetRequest extends Request<Cidr> {
  readonly family: Family;
  readonly pool: Pool | undefined;
}

/** Subnets of one Fabric: disjoint from each other and from the clusters' own networks. */
export function subnetSpace(
  fabric: string,
  blocked: readonly { readonly cidr: Cidr; readonly holding: Holding }[],
): Space<Cidr> {
  // Most subnets are slots of a pool and found by their text; the few others are compared one by one.
  const slots = new Map<string, Holding>();
  const prefixes = new Set<string>();
  const all = new Map<string, { cidr: Cidr; holding: Holding }[]>();
  const note = (cidr: Cidr, holding: Holding) => {
    slots.set(formatCidr(cidr), holding);
    const size = `${cidr.family}/${cidr.prefix}`;
    prefixes.add(size);
    const list = all.get(size) ?? [];
    list.push({ cidr, holding });
    all.set(size, list);
  };
  for (const { cidr, holding } of blocked) note(cidr, holding);
  return {
    words: `the pools of Fabric \`${fabric}\``,
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
    allows: (request, cidr) => {
      const { pool } = request as SubnetRequest;
      return pool !== undefined && cidr.prefix === pool.prefixLength && overlaps(pool.cidr, cidr);
    },
    owns: (key) => key.startsWith(`fabric/${fabric}/`) && /\/subnet\.ipv[46]$/.test(key),
  };
}

/** Wider networks by looking up each size once; narrower ones one by one, which only mixed sizes need. */
function holderOf(
  cidr: Cidr,
  slots: ReadonlyMap<string, Holding>,
  prefixes: ReadonlySet<string>,
  all: ReadonlyMap<string, readonly { cidr: Cidr; holding: Holding }[]>,
): Holding | undefined {
  const bits = bitsOf(cidr.family);
  for (const size of prefixes) {
    const [family, prefix] = size.split("/").map(Number) as [Family, number];
    if (family !== cidr.family) continue;
    if (prefix <= cidr.prefix) {
      const host = BigInt(bits - prefix);
      const found = slots.get(formatCidr({ family, base: (cidr.base >> host) << host, prefix }));
      if (found) return found;
    } else {
      const inside = all.get(size)?.find((other) => overlaps(other.cidr, cidr));
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
  const size = sizeOf({ family, base, prefix: pool.prefixLength });
  return { family, base: base + BigInt(index) * size, prefix: pool.prefixLength };
}

/** Small numbers whose uniqueness is by group: router ids by VLAN, priorities by cluster. */
export interface Numbered {
  readonly group: string;
  readonly number: number;
}

export interface NumberRequest extends Request<Numbered> {
  readonly group: string;
  readonly first: number;
  readonly last: number;
}

export function numberSpace(
  noun: string,
  words: string,
  groupOf: (key: string) => string | undefined,
): Space<Numbered> {
  const held = new Map<string, Holding>();
  const name = ({ group, number }: Numbered) => `${group}:${number}`;
  return {
    words,
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
    allows: (request, value) => {
      const { group, first, last } = request as NumberRequest;
      return value.group === group && value.number >= first && value.number <= last;
    },
    owns: (key) => groupOf(key) !== undefined,
  };
}
