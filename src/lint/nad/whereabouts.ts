import { formatAddress } from "../../net/address.ts";
import { containsAddress, formatCidr } from "../../net/cidr.ts";
import { spelt } from "../../source/spelt.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Fields, isFields } from "../read/lint-object.ts";
import { addressOf, subnetOf } from "./addresses.ts";
import { gatewayInPool, gatewayOutside } from "./gateways.ts";
import type { IpamProblem } from "./ipam-problem.ts";
import { poolsOf, type RangeFields, whereaboutsRanges } from "./pools.ts";

/** What whereabouts refuses, and what it lets pass although it cannot be meant (pkg/config, pkg/allocate). */
export function whereaboutsLaws(ipam: Fields): readonly IpamProblem[] {
  const ranges = whereaboutsRanges(ipam);
  const fromFile = typeof ipam.configuration_path === "string";
  if (
    ranges.length === 0 &&
    ipam.range !== "" &&
    !Array.isArray(ipam.ipRanges) &&
    !isOpaque(ipam.ipRanges) &&
    !fromFile &&
    !hasFixed(ipam)
  )
    return [{ slug: "no-range", at: ["type"], parameters: { type: "whereabouts", key: "range" } }];
  return [...ranges.flatMap(ends), ...gateways(ipam)];
}

function hasFixed({ addresses }: Fields): boolean {
  return Array.isArray(addresses) && addresses.length > 0;
}

/** Ends outside the range are passed over; the pool is then larger than it looks. */
function ends({ at, fields }: RangeFields): IpamProblem[] {
  const [, start, cidr] = /^(?:([^-/]+)-)?([^/]+\/\d+)$/.exec(spelt(fields.range).trim()) ?? [];
  const subnet = subnetOf(cidr);
  if (!subnet) return [];
  const first = addressOf(start);
  if (first && !containsAddress(subnet, first)) {
    const problem = `${formatAddress(first)} is not in ${formatCidr(subnet)}`;
    return [{ slug: "outside-subnet", at: [...at, "range"], parameters: { problem } }];
  }
  return ["range_start", "range_end"].flatMap((key): IpamProblem[] => {
    const address = addressOf(fields[key]);
    if (!address || containsAddress(subnet, address)) return [];
    const problem = `${formatAddress(address)} is not in ${formatCidr(subnet)}, so the range does not end there`;
    return [{ slug: "ignored-value", at: [...at, key], parameters: { problem } }];
  });
}

function gateways(ipam: Fields): IpamProblem[] {
  const pools = poolsOf(ipam);
  const first = pools.find((pool) => pool.subnet.family === addressOf(ipam.gateway)?.family);
  const own = gatewayInPool(ipam.gateway, pools, ["gateway"]);
  const outside =
    first && !pools.some((pool) => containsGateway(pool.subnet, ipam.gateway))
      ? gatewayOutside(ipam.gateway, first.subnet, ["gateway"])
      : [];
  const routes = Array.isArray(ipam.routes) ? (ipam.routes as readonly unknown[]) : [];
  const seen = new Set<unknown>([ipam.gateway]);
  const ofRoutes = routes.flatMap((route, index) => {
    if (!isFields(route) || seen.has(route.gw)) return [];
    seen.add(route.gw);
    return gatewayInPool(route.gw, pools, ["routes", index, "gw"]);
  });
  return [...own, ...outside, ...ofRoutes];
}

function containsGateway(subnet: Parameters<typeof containsAddress>[0], written: unknown): boolean {
  const gateway = addressOf(written);
  return gateway !== undefined && gateway.family === subnet.family && containsAddress(subnet, gateway);
}
