import { isIP } from "node:net";

/** An address family: 4 or 6. */
export type Family = 4 | 6;

/** A block of addresses: `first` is the network address, `last` the highest one. */
export interface Block {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
}

/** The family of an address without a prefix length; throws where it is no address. */
export function familyOf(address: string): Family {
  const family = isIP(address);
  if (family !== 4 && family !== 6) throw new Error(`not an address: ${address}`);
  return family;
}

/** The value of an address as an integer. */
export function toNumber(address: string): bigint {
  if (familyOf(address) === 4) {
    return address.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  }
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

/** The address with that value; IPv6 is written without compression, which every tool here reads. */
export function toAddress(value: bigint, family: Family): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  return Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 65535n).toString(16)).join(":");
}

/** Reads `10.0.0.0/24`, `10.0.0.7/24` (the block it is in) or `10.0.0.7` (a block of one). */
export function toBlock(cidr: string): Block {
  const [address = "", length] = cidr.split("/");
  const family = familyOf(address);
  const width = family === 4 ? 32 : 128;
  const prefix = length === undefined ? width : Number(length);
  const size = 1n << BigInt(width - prefix);
  const first = (toNumber(address) / size) * size;
  return { family, first, last: first + size - 1n, prefix };
}

/** Whether the block holds the address. */
export function holds(cidr: string, address: string): boolean {
  const block = toBlock(cidr);
  if (block.family !== familyOf(address)) return false;
  const value = toNumber(address);
  return value >= block.first && value <= block.last;
}

/** The nth address of a block, for tests that need an address nobody else has. */
export function nth(cidr: string, index: bigint): string {
  const block = toBlock(cidr);
  return toAddress(index < 0n ? block.last + index : block.first + index, block.family);
}

/** An address in one spelling, so that two spellings of one address compare equal. */
export function canonical(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
  return toAddress(toNumber(bare), familyOf(bare));
}
