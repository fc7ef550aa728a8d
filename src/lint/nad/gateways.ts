import { countAddressBits, formatAddress } from "../../net/address.ts";
import { type Cidr, containsAddress, formatCidr } from "../../net/cidr.ts";
import { containsRangeAddress } from "../../net/range.ts";
import type { Path } from "../../source/place.ts";
import { readAddress } from "./addresses.ts";
import type { IpamProblem } from "./ipam-problem.ts";
import type { AddressPoolRange } from "./pools.ts";

/** fe80::/10 is on every link. */
const LINK_LOCAL = 0xfe80n >> 6n;

/** A gateway that no neighbour can be: a host's own /32 or a link-local gateway is meant to be off the subnet. */
export function checkGatewayInSubnet(written: unknown, subnet: Cidr, at: Path): IpamProblem[] {
  const gateway = readAddress(written);
  if (!gateway || gateway.family !== subnet.family || containsAddress(subnet, gateway)) return [];
  if (subnet.prefix === countAddressBits(subnet.family)) return [];
  if (gateway.family === 6 && gateway.value >> 118n === LINK_LOCAL) return [];
  const parameters = { gateway: formatAddress(gateway), subnet: formatCidr(subnet) };
  return [{ slug: "gateway-outside", at, parameters }];
}

/** A gateway that the pools give to a pod one day. */
export function checkGatewayNotInPool(written: unknown, pools: readonly AddressPoolRange[], at: Path): IpamProblem[] {
  const gateway = readAddress(written);
  const pool = gateway && pools.find(({ given }) => given.some((range) => containsRangeAddress(range, gateway)));
  if (!gateway || !pool) return [];
  const text = formatAddress(gateway);
  const help = `exclude it: \`"exclude": ["${text}/${countAddressBits(gateway.family)}"]\``;
  const related = [{ at: pool.at, label: "given out from here" }];
  return [{ slug: "gateway-in-pool", at, parameters: { gateway: text }, help, related }];
}
