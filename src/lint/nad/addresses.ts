import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, type InterfaceAddress, networkOf, parseInterfaceAddress, rangeOf } from "../../net/cidr.ts";
import type { AddressRange } from "../../net/range.ts";
import { textOf } from "../read/lint-object.ts";

/** An address, where the value is one that is known already. */
export function addressOf(value: unknown): Address | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : parseAddress(text.trim());
}

/** An address with its prefix, host bits and all. */
export function interfaceAddressOf(value: unknown): InterfaceAddress | undefined {
  const text = textOf(value);
  const read = text === undefined ? undefined : parseInterfaceAddress(text.trim());
  return typeof read === "object" ? read : undefined;
}

/** The network of an address with its prefix. */
export function subnetOf(value: unknown): Cidr | undefined {
  const read = interfaceAddressOf(value);
  return read && networkOf(read);
}

/** What pods may get of a subnet: not the network's own address, nor IPv4's broadcast. */
export function usable(subnet: Cidr): AddressRange {
  const all = rangeOf(subnet);
  if (all.end - all.start < 2n) return all;
  return { family: all.family, start: all.start + 1n, end: subnet.family === 4 ? all.end - 1n : all.end };
}
