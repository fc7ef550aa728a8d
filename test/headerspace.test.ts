import fc from "fast-check";
import { expect, test } from "vitest";
import type { AddressRange } from "../src/net/range.ts";
import {
  type AddressSet,
  createAddressSet,
  hasCommonAddress,
  intersectAddresses,
  subtractAddresses,
  uniteAddresses,
} from "../src/verify/headerspace/address-set.ts";
import { createRangeIndex } from "../src/verify/headerspace/range-index.ts";
import { type ServiceSet, subtractServices, uniteServices } from "../src/verify/headerspace/service-set.ts";
import { splitByAddress } from "../src/verify/headerspace/services-by-address.ts";
import { splitByBlocks } from "../src/verify/headerspace/split-along.ts";

const LAST = 24;
const range = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.nat(LAST), fc.nat(6))
  .map(([family, start, length]): AddressRange => ({ family, start: BigInt(start), end: BigInt(start + length) }));
const addresses = fc.array(range, { maxLength: 6 }).map((list): AddressSet => createAddressSet(list));
const services = fc
  .array(fc.tuple(fc.nat(LAST), fc.nat(4)), { maxLength: 5 })
  .map((list): ServiceSet => uniteServices(...list.map(([first, more]): ServiceSet => [[first, first + more]])));

const points = ([4, 6] as const).flatMap((family) =>
  Array.from({ length: LAST + 8 }, (_none, at) => ({ family, at: BigInt(at) })),
);
const holds = (set: AddressSet, { family, at }: (typeof points)[number]) =>
  set.some((one) => one.family === family && one.start <= at && at <= one.end);
const ports = Array.from({ length: LAST + 6 }, (_none, at) => at);
const serves = (set: ServiceSet, port: number) => set.some(([first, last]) => first <= port && port <= last);

test("sets of addresses and services hold what they should, point by point", () => {
  fc.assert(
    fc.property(addresses, addresses, services, services, (a, b, one, other) => {
      for (const point of points) {
        expect(holds(intersectAddresses(a, b), point)).toBe(holds(a, point) && holds(b, point));
        expect(holds(subtractAddresses(a, b), point)).toBe(holds(a, point) && !holds(b, point));
        expect(holds(uniteAddresses(a, b), point)).toBe(holds(a, point) || holds(b, point));
      }
      expect(hasCommonAddress(a, b)).toBe(points.some((point) => holds(a, point) && holds(b, point)));
      for (const port of ports)
        expect(serves(subtractServices(one, other), port)).toBe(serves(one, port) && !serves(other, port));
    }),
  );
});

test("services by address are the same, and no two parts share an address", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ addresses, services }), { maxLength: 6 }), (items) => {
      const parts = splitByAddress(items);
      for (const point of points) {
        const here = parts.filter((one) => holds(one.addresses, point));
        expect(here.length).toBeLessThanOrEqual(1);
        const wanted = uniteServices(...items.filter((one) => holds(one.addresses, point)).map((one) => one.services));
        expect(here[0]?.services ?? []).toEqual(wanted);
      }
    }),
  );
});

test("addresses are cut along blocks as a chain of cuts would do it, in the same order", () => {
  fc.assert(
    fc.property(addresses, fc.array(addresses, { maxLength: 5 }), (whole, blocks) => {
      let parts: AddressSet[] = [whole];
      for (const block of blocks)
        parts = parts
          .flatMap((part) => [intersectAddresses(part, block), subtractAddresses(part, block)])
          .filter((one) => one.length > 0);
      expect(splitByBlocks(whole, blocks).map((one) => one.addresses)).toEqual(parts.filter((one) => one.length > 0));
    }),
  );
});

test("the index finds whoever meets a set", () => {
  fc.assert(
    fc.property(fc.array(addresses, { maxLength: 8 }), addresses, (sets, asked) => {
      const wanted = sets.flatMap((set, at) => (hasCommonAddress(set, asked) ? [at] : []));
      expect(createRangeIndex(sets).findOverlapping(asked)).toEqual(wanted);
    }),
  );
});
