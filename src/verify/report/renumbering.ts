import { type Cidr, parseCidr } from "../../net/cidr.ts";
import {
  type AddressSet,
  intersectAddresses,
  subtractAddresses,
  toAddressSet,
  uniteAddresses,
} from "../headerspace/address-set.ts";
import type { NetworkChange } from "./network-changes.ts";

/** A network whose subnets are other ones now: the same parties, at other addresses. */
export interface Renumbering {
  /** `externalnetwork/mainframe`. */
  readonly network: string;
  readonly before: readonly Cidr[];
  readonly after: readonly Cidr[];
}

export function listRenumberings(changes: readonly NetworkChange[]): readonly Renumbering[] {
  const cidrs = (text: string) =>
    text
      .split(" ")
      .map(parseCidr)
      .filter((one) => typeof one !== "string");
  return changes
    .filter((one) => one.what === "subnets")
    .map(({ network, before, after }) => ({ network, before: cidrs(before), after: cidrs(after) }));
}

/** All addresses that a network has on one side and not on the other. */
export function listRenumberedAddresses(renumberings: readonly Renumbering[]): AddressSet {
  return renumberings.reduce<AddressSet>((all, { before, after }) => {
    const [was, is] = [toAddressSet(before), toAddressSet(after)];
    return uniteAddresses(all, uniteAddresses(subtractAddresses(was, is), subtractAddresses(is, was)));
  }, []);
}

/** Addresses of before at their place in the subnets of after. Subnets of another size are other addresses. */
export function renumberAddresses(set: AddressSet, { before, after }: Renumbering): AddressSet {
  const sameShape = before.every((one, index) => {
    const other = after[index];
    return one.family === other?.family && one.prefix === other.prefix;
  });
  if (!sameShape || before.length !== after.length) return set;
  let [moved, rest]: [AddressSet, AddressSet] = [[], set];
  for (const [index, from] of before.entries()) {
    const offset = (after[index] as Cidr).base - from.base;
    const part = intersectAddresses(rest, toAddressSet([from]));
    rest = subtractAddresses(rest, part);
    moved = uniteAddresses(
      moved,
      part.map(({ family, start, end }) => ({ family, start: start + offset, end: end + offset })),
    );
  }
  return uniteAddresses(moved, rest);
}
