import fc from "fast-check";
import { expect, test } from "vitest";
import { findAddressOwners, listHeldAddresses } from "../../src/verify/dataplane/address-owners.ts";
import { type AddressSet, createAddressSet, hasCommonAddress } from "../../src/verify/headerspace/address-set.ts";
import type { DomainMember } from "../../src/verify/model/model.ts";

const family = fc.constantFrom<4 | 6>(4, 6);
const range = fc
  .tuple(family, fc.nat(2000), fc.nat(30))
  .map(([family, start, length]) => ({ family, start: BigInt(start), end: BigInt(start + length) }));
const set = (most: number) => fc.array(range, { maxLength: most }).map(createAddressSet);

const member = (addresses: AddressSet, virtual: AddressSet) => ({ interface: { addresses, virtual } }) as DomainMember;
const members = fc
  .array(fc.tuple(set(2), set(1)), { minLength: 32, maxLength: 120 })
  .map((all) => all.map(([own, virtual]) => member(own, virtual)));

test("nobody is missing who holds an address, and the order stays", () => {
  let fewer = 0;
  fc.assert(
    fc.property(members, set(2), (all, of) => {
      const found = findAddressOwners(all, of);
      expect(found).toEqual(all.filter((one) => found.includes(one)));
      for (const one of all) if (hasCommonAddress(listHeldAddresses(one.interface), of)) expect(found).toContain(one);
      if (found.length < all.length) fewer++;
    }),
    { seed: 3 },
  );
  expect(fewer).toBeGreaterThan(50);
});

test("one of very many is found without looking at all", () => {
  const at = (index: number) => [{ family: 4 as const, start: BigInt(index * 4), end: BigInt(index * 4 + 1) }];
  const all = Array.from({ length: 10_000 }, (_, index) => member(at(index), []));
  expect(findAddressOwners(all, at(7))).toEqual([all[7]]);
  expect(findAddressOwners(all, [{ family: 4, start: 30n, end: 31n }])).toEqual([]);
});
