import { countAddressBits } from "../../net/address.ts";
import { containsAddress, formatCidr, formatInterfaceAddress, toNetwork } from "../../net/cidr.ts";
import { type Fields, isFields } from "../read/lint-object.ts";
import { readAddress, readInterfaceAddress, readSubnet } from "./addresses.ts";
import { checkGatewayInSubnet } from "./gateways.ts";
import type { IpamProblem } from "./ipam-problem.ts";
import { readPools } from "./pools.ts";

/**
 * Plugins hand a route's destination on as it is written, and Linux refuses IPv4 routes whose destination has bits beyond
 * its prefix (net/ipv4/fib_trie.c, fib_valid_key_len). It masks those of IPv6.
 */
export function checkRouteDestinations(ipam: Fields): readonly IpamProblem[] {
  const routes = Array.isArray(ipam.routes) ? (ipam.routes as readonly unknown[]) : [];
  return [...hostBits(routes), ...nextHops(ipam, routes)];
}

/** A next hop is a neighbour: in a subnet of the network, or in one that a route without next hop leads to. */
function nextHops(ipam: Fields, routes: readonly unknown[]): readonly IpamProblem[] {
  const addresses = Array.isArray(ipam.addresses) ? (ipam.addresses as readonly unknown[]) : [];
  const fixed = addresses.flatMap((one) => (isFields(one) ? (readSubnet(one.address) ?? []) : []));
  const own = [...fixed, ...readPools(ipam).map(({ subnet }) => subnet)];
  const direct = routes.flatMap((one) => (isFields(one) && one.gw === undefined ? (readSubnet(one.dst) ?? []) : []));
  const seen = new Set<unknown>([ipam.gateway]);
  return routes.flatMap((route, index) => {
    if (!isFields(route) || seen.has(route.gw)) return [];
    seen.add(route.gw);
    const gateway = readAddress(route.gw);
    const family = own.filter((one) => one.family === gateway?.family);
    const [first] = family;
    if (!gateway || !first) return [];
    if ([...family, ...direct].some((one) => one.family === gateway.family && containsAddress(one, gateway))) return [];
    if (family.some((one) => one.prefix === countAddressBits(one.family))) return [];
    return checkGatewayInSubnet(route.gw, first, ["routes", index, "gw"]);
  });
}

function hostBits(routes: readonly unknown[]): readonly IpamProblem[] {
  return routes.flatMap((route, index): IpamProblem[] => {
    const read = isFields(route) ? readInterfaceAddress(route.dst) : undefined;
    if (!read || read.address.family === 6) return [];
    const network = toNetwork(read);
    if (network.base === read.address.value) return [];
    const parameters = { dst: formatInterfaceAddress(read), meant: formatCidr(network) };
    return [{ slug: "route-host-bits", at: ["routes", index, "dst"], parameters }];
  });
}
