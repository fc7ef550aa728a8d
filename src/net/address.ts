import ipaddr from "ipaddr.js";

export type Family = 4 | 6;

/** An address as a number, so that all arithmetic is plain. */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** Bits of an address of a family. */
export function countAddressBits(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** Strict dotted quad (no leading zeros, four parts) as a number, or -1. Most addresses are these, so this is fast. */
function dottedQuad(text: string): number {
  let value = 0;
  let part = -1;
  let parts = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 46;
    if (code === 46) {
      if (part < 0 || part > 255) return -1;
      value = value * 256 + part;
      part = -1;
      parts++;
    } else if (code >= 48 && code <= 57) {
      if (part === 0) return -1;
      part = part < 0 ? code - 48 : part * 10 + code - 48;
    } else return -1;
  }
  return parts === 4 ? value : -1;
}

/**
 * Reads an IPv4 address (four decimal parts) or an IPv6 address (RFC 4291, no zone). Anything else is undefined,
 * IPv4-mapped IPv6 included: it names an IPv4 host in a form that no policy engine treats alike.
 */
export function parseAddress(text: string): Address | undefined {
  const quad = dottedQuad(text);
  if (quad >= 0) return { family: 4, value: BigInt(quad) };
  if (!text.includes(":") || text.includes("%") || text.length > 45 || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  if (parsed.isIPv4MappedAddress()) return undefined;
  let value = 0n;
  for (const part of parsed.parts) value = (value << 16n) | BigInt(part);
  return { family: 6, value };
}

/** Canonical text: dotted quad, or RFC 5952. */
export function formatAddress(address: Address): string {
  if (address.family === 4) {
    const value = Number(address.value);
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  }
  const parts: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) parts.push(Number((address.value >> shift) & 0xffffn));
  return new ipaddr.IPv6(parts).toRFC5952String();
}

/** IPv4 before IPv6, then by value. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

export function isSameAddress(a: Address, b: Address): boolean {
  return a.family === b.family && a.value === b.value;
}

/** An address so many steps on. */
export function addOffset(address: Address, steps: bigint): Address {
  return { family: address.family, value: address.value + steps };
}
