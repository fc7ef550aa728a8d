import { type Cidr, parseCidr } from "../../net/cidr.ts";
import { type AddressSet, intersect, setOfCidrs, unite, without } from "../headerspace/address-set.ts";
import type { NetworkChange } from "./network-changes.ts";

/** A network whose subnets are other ones now: the same parties, at other addresses. */
export interface Renumbering {
  /** `externalnetwork/mainframe`. */
  readonly network: string;
  readonly before: readonly Cidr[];
  readonly after: readonly Cidr[];
}

export function renumberingsOf(changes: readonly NetworkChange[]): readonly Renumbering[] {
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
export function renumberedIn(renumberings: readonly Renumbering[]): AddressSet {
  return renumberings.reduce<AddressSet>((all, { before, after }) => {
    const [was, is] = [setOfCidrs(before), setOfCidrs(after)];
    return unite(all, unite(without(was, is), without(is, was)));
  }, []);
}

/** Addresses of before at their place in the subnets of after. Subnets of another size are other addresses. */
export function renumbered(set: AddressSet, { before, after }: Renumbering): AddressSet {
  const sameShape = before.every((one, index) => {
    const other = after[index];
    return one.family === other?.family && one.prefix === other.prefix;
  });
  if (!sameShape || before.length !== after.length) return set;
  let [moved, rest]: [AddressSet, AddressSet] = [[], set];
  for (const [index, from] of before.entries()) {
    const offset = (after[index] as Cidr).base - from.base;
    const part = intersect(rest, setOfCidrs([from]));
    rest = without(rest, part);
    moved = unite(
      moved,
      part.map(({ family, start, end }) => ({ family, start: start + offset, end: end + offset })),
    );
  }
  return unite(moved, rest);
}
