import fc from "fast-check";
import { expect, test } from "vitest";
import { type Address, countAddressBits, type Family, formatAddress, parseAddress } from "../src/net/address.ts";
import {
  type Cidr,
  cidrsOverlap,
  computeHostRange,
  containsAddress,
  containsCidr,
  formatCidr,
  parseCidr,
  toRange,
} from "../src/net/cidr.ts";
import { createCidrIndex } from "../src/net/cidr-index.ts";
import { type AddressRange, mergeRanges, parseRange, splitIntoCidrs, subtractRanges } from "../src/net/range.ts";
import { formatService, parseService } from "../src/net/service.ts";
import { parseVlans } from "../src/net/vlan.ts";

/** IPv4-mapped addresses are refused, so they cannot read back. */
const isMapped = (family: Family, value: bigint) => family === 6 && value >> 32n === 0xffffn;

const address = fc
  .constantFrom<Family>(4, 6)
  .chain((family) =>
    fc.bigInt(0n, (1n << BigInt(countAddressBits(family))) - 1n).map((value): Address => ({ family, value })),
  )
  .filter(({ family, value }) => !isMapped(family, value));
const network = address
  .chain(({ family, value }) =>
    fc.integer({ min: 0, max: countAddressBits(family) }).map((prefix): Cidr => {
      const host = BigInt(countAddressBits(family) - prefix);
      return { family, base: (value >> host) << host, prefix };
    }),
  )
  .filter(({ family, base }) => family === 4 || base >> 32n !== 0xffffn);
/** Small ranges of one family near each other, so that they often touch and overlap. */
const nearby = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 40 })).map(([start, length]): AddressRange => {
    return { family: 4, start: BigInt(start), end: BigInt(start + length) };
  }),
  { maxLength: 8 },
);
const members = (ranges: readonly AddressRange[]) => {
  const all = new Set<bigint>();
  for (const range of ranges) for (let at = range.start; at <= range.end; at++) all.add(at);
  return all;
};

test("an address reads back as it was written", () => {
  fc.assert(fc.property(address, (one) => void expect(parseAddress(formatAddress(one))).toEqual(one)));
});

test("a network reads back as it was written", () => {
  fc.assert(fc.property(network, (one) => void expect(parseCidr(formatCidr(one))).toEqual(one)));
});

test("networks overlap exactly when one holds the other's first address", () => {
  fc.assert(
    fc.property(network, network, (a, b) => {
      const first = (one: Cidr): Address => ({ family: one.family, value: one.base });
      expect(cidrsOverlap(a, b)).toBe(containsAddress(a, first(b)) || containsAddress(b, first(a)));
      expect(containsCidr(a, b) && containsCidr(b, a)).toBe(formatCidr(a) === formatCidr(b));
    }),
  );
});

test("hosts are inside their network", () => {
  fc.assert(
    fc.property(network, (one) => {
      const [hosts, whole] = [computeHostRange(one), toRange(one)];
      expect(hosts.start >= whole.start && hosts.end <= whole.end && hosts.start <= hosts.end).toBe(true);
    }),
  );
});

test("merging keeps every address and leaves no two ranges that touch", () => {
  fc.assert(
    fc.property(nearby, (ranges) => {
      const merged = mergeRanges(ranges);
      expect(members(merged)).toEqual(members(ranges));
      for (const [index, range] of merged.entries()) {
        const next = merged[index + 1];
        if (next) expect(next.start > range.end + 1n).toBe(true);
      }
    }),
  );
});

test("subtraction leaves what is in the one and in none of the others", () => {
  fc.assert(
    fc.property(nearby, (taken) => {
      const whole: AddressRange = { family: 4, start: 50n, end: 150n };
      const gone = members(taken);
      expect(members(subtractRanges(whole, taken))).toEqual(
        new Set([...members([whole])].filter((one) => !gone.has(one))),
      );
    }),
  );
});

test("a range is covered exactly by its networks", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), (start, length) => {
      const range: AddressRange = { family: 4, start: BigInt(start), end: BigInt(start + length) };
      expect(members(splitIntoCidrs(range).map(toRange))).toEqual(members([range]));
    }),
  );
});

test("what is no address is refused", () => {
  for (const text of [
    "",
    "10.1",
    "010.0.0.1",
    "10.0.0.256",
    "1.2.3.4.5",
    "10.0.0.1 ",
    "::ffff:10.0.0.1",
    "fe80::1%eth0",
    "1::2::3",
    "0x0a000001",
    "10.0.0.-1",
  ])
    expect(parseAddress(text), text).toBeUndefined();
  for (const text of ["10.0.0.0/33", "10.0.0.1/24", "10.0.0.0/08", "10.0.0.0", "/24", "::/129"])
    expect(typeof parseCidr(text), text).toBe("string");
  for (const text of ["10.0.0.9-10.0.0.1", "10.0.0.1-::1", "a-b"]) expect(parseRange(text), text).toBeUndefined();
  for (const text of ["0", "4095", "9-3", "1-5000", "x"]) expect(parseVlans(text), text).toBeUndefined();
  for (const text of ["tcp", "tcp/0", "tcp/65536", "tcp/9-3", "icmp/1", "http/80"])
    expect(parseService(text), text).toBeUndefined();
});

test("services read back as they were written", () => {
  for (const text of ["tcp/8443", "udp/53", "sctp/38412", "tcp/8000-8010", "icmp"])
    expect(formatService(parseService(text) as never)).toBe(text);
});

test("an index finds the networks that overlap another, each once", () => {
  // Of few addresses, so that they often hold each other.
  const small = fc
    .tuple(fc.constantFrom<Family>(4, 6), fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 6 }))
    .map(([family, value, width]): Cidr => {
      const host = BigInt(width);
      return { family, base: (BigInt(value) >> host) << host, prefix: countAddressBits(family) - width };
    });
  const some = fc.oneof(small, network);
  fc.assert(
    fc.property(fc.array(some, { maxLength: 12 }), some, (all, one) => {
      const found = createCidrIndex(all.map((cidr, index) => [cidr, index] as const)).findOverlapping(one);
      const wanted = all.flatMap((cidr, index) => (cidrsOverlap(cidr, one) ? [index] : []));
      expect([...found].sort((a, b) => a - b)).toEqual(wanted);
    }),
  );
});
