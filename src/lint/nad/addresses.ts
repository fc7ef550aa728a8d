import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, type InterfaceAddress, parseInterfaceAddress, toNetwork, toRange } from "../../net/cidr.ts";
import type { AddressRange } from "../../net/range.ts";
import { readText } from "../read/lint-object.ts";

/** An address, where the value is one that is known already. */
export function readAddress(value: unknown): Address | undefined {
  const text = readText(value);
  return text === undefined ? undefined : parseAddress(text.trim());
}

/** An address with its prefix, host bits and all. */
export function readInterfaceAddress(value: unknown): InterfaceAddress | undefined {
  const text = readText(value);
  const read = text === undefined ? undefined : parseInterfaceAddress(text.trim());
  return typeof read === "object" ? read : undefined;
}

/** The network of an address with its prefix. */
export function readSubnet(value: unknown): Cidr | undefined {
  const read = readInterfaceAddress(value);
  return read && toNetwork(read);
}

/** What pods may get of a subnet: not the network's own address, nor IPv4's broadcast. */
export function computeUsableRange(subnet: Cidr): AddressRange {
  const all = toRange(subnet);
  if (all.end - all.start < 2n) return all;
  return { family: all.family, start: all.start + 1n, end: subnet.family === 4 ? all.end - 1n : all.end };
}
