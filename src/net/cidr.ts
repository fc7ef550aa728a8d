import { type Address, countAddressBits, type Family, formatAddress, parseAddress } from "./address.ts";
import type { AddressRange } from "./range.ts";

/** A network: `base` has no host bits. */
export interface Cidr {
  readonly family: Family;
  readonly base: bigint;
  readonly prefix: number;
}

/** An address with the prefix of its network, as an interface carries it. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly prefix: number;
}

export type CidrProblem = "syntax" | "prefix" | "host-bits";

/** Number of addresses in a network. */
export function countAddresses(cidr: Cidr): bigint {
  return 1n << BigInt(countAddressBits(cidr.family) - cidr.prefix);
}

/** Reads `address/prefix`. Host bits are a problem, not a rounding: they are mostly a slip. */
export function parseCidr(text: string): Cidr | CidrProblem {
  const read = parseInterfaceAddress(text);
  if (typeof read === "string") return read;
  const network = toNetwork(read);
  return network.base === read.address.value ? network : "host-bits";
}

/** Reads `address/prefix` where the address may be any of the network. */
export function parseInterfaceAddress(text: string): InterfaceAddress | "syntax" | "prefix" {
  const slash = text.indexOf("/");
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (!address || !/^(0|[1-9]\d{0,2})$/.test(digits)) return "syntax";
  const prefix = Number(digits);
  return prefix <= countAddressBits(address.family) ? { address, prefix } : "prefix";
}

/** The network that an interface address lies in. */
export function toNetwork(of: InterfaceAddress): Cidr {
  const host = BigInt(countAddressBits(of.address.family) - of.prefix);
  return { family: of.address.family, base: (of.address.value >> host) << host, prefix: of.prefix };
}

/** Reads a network that this program wrote itself. */
export function parseKnownCidr(text: string): Cidr {
  const read = parseCidr(text);
  if (typeof read === "string") throw new Error(`not a network: ${text} (${read})`);
  return read;
}

export function formatCidr(network: Cidr): string {
  return `${formatAddress({ family: network.family, value: network.base })}/${network.prefix}`;
}

export function formatInterfaceAddress(of: InterfaceAddress): string {
  return `${formatAddress(of.address)}/${of.prefix}`;
}

/** A single address as a network. */
export function toHostCidr(address: Address): Cidr {
  return { family: address.family, base: address.value, prefix: countAddressBits(address.family) };
}

/** All addresses of a network, first and last included. */
export function toRange(network: Cidr): AddressRange {
  return { family: network.family, start: network.base, end: network.base + countAddresses(network) - 1n };
}

/**
 * What hosts may carry: without network and broadcast address for IPv4 (RFC 1122, but RFC 3021 for /31 and /32),
 * without the subnet-router anycast address for IPv6 (RFC 4291 section 2.6.1).
 */
export function computeHostRange(network: Cidr): AddressRange {
  const { family, start, end } = toRange(network);
  if (network.prefix >= countAddressBits(family) - 1) return { family, start, end };
  return { family, start: start + 1n, end: family === 4 ? end - 1n : end };
}

export function containsAddress(network: Cidr, address: Address): boolean {
  return (
    network.family === address.family &&
    address.value >= network.base &&
    address.value < network.base + countAddresses(network)
  );
}

/** Whether `outer` holds every address of `inner`. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return (
    outer.family === inner.family &&
    outer.prefix <= inner.prefix &&
    inner.base >= outer.base &&
    inner.base < outer.base + countAddresses(outer)
  );
}

/** Two networks overlap exactly when one holds the other. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return containsCidr(a, b) || containsCidr(b, a);
}

export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.base !== b.base) return a.base < b.base ? -1 : 1;
  return a.prefix - b.prefix;
}
