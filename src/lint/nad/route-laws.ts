import { formatCidr, formatInterfaceAddress, networkOf } from "../../net/cidr.ts";
import { type Fields, isFields } from "../read/lint-object.ts";
import { interfaceAddressOf } from "./addresses.ts";
import type { IpamProblem } from "./ipam-problem.ts";

/**
 * Plugins hand a route's destination on as it is written, and Linux refuses IPv4 routes whose destination has bits beyond
 * its prefix (net/ipv4/fib_trie.c, fib_valid_key_len). It masks those of IPv6.
 */
export function routeLaws(ipam: Fields): readonly IpamProblem[] {
  const routes = Array.isArray(ipam.routes) ? (ipam.routes as readonly unknown[]) : [];
  return routes.flatMap((route, index): IpamProblem[] => {
    const read = isFields(route) ? interfaceAddressOf(route.dst) : undefined;
    if (!read || read.address.family === 6) return [];
    const network = networkOf(read);
    if (network.base === read.address.value) return [];
    const parameters = { dst: formatInterfaceAddress(read), meant: formatCidr(network) };
    return [{ slug: "route-host-bits", at: ["routes", index, "dst"], parameters }];
  });
}
