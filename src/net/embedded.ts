import type { AddressRange } from "./range.ts";

/**
 * First addresses of the prefixes in whose last 32 bits an address of IPv4 stands: NAT64's well-known 64:ff9b::/96 (RFC
 * 6052), and IPv4-mapped ::ffff:0:0/96 (RFC 4291, 2.5.5.2).
 */
const EMBEDDING: readonly bigint[] = [0x64_ff9bn << 96n, 0xffffn << 32n];

/** The addresses of IPv6 by which a translator reaches ranges of IPv4. */
export function embedIpv4Ranges(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const four = ranges.filter((one) => one.family === 4);
  return EMBEDDING.flatMap((base) =>
    four.map(({ start, end }) => ({ family: 6 as const, start: base + start, end: base + end })),
  );
}
