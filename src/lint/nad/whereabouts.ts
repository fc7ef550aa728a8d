import { countAddressBits, formatAddress } from "../../net/address.ts";
import { containsAddress, formatCidr } from "../../net/cidr.ts";
import { formatValue } from "../../source/format-value.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Fields, isFields } from "../read/lint-object.ts";
import { readAddress, readSubnet } from "./addresses.ts";
import { checkGatewayInSubnet, checkGatewayNotInPool } from "./gateways.ts";
import type { IpamProblem } from "./ipam-problem.ts";
import { listWhereaboutsRanges, type RangeFields, readPools } from "./pools.ts";

/** What whereabouts refuses, and what it lets pass although it cannot be meant (pkg/config, pkg/allocate). */
export function checkWhereabouts(ipam: Fields): readonly IpamProblem[] {
  const ranges = listWhereaboutsRanges(ipam);
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
  return [...ranges.flatMap(ends), ...gateways(ipam), ...nodeSlices(ipam, ranges)];
}

/** The object of all slices is stored as one: beyond some 1.5 MB the API server does not take it. */
const SLICES_MAX = 16_384n;

/** Fast IPAM cuts the range into one slice for each node, and writes all of them into one NodeSlicePool. */
function nodeSlices(ipam: Fields, ranges: readonly RangeFields[]): IpamProblem[] {
  const written = /^\/?(\d{1,3})$/.exec(formatValue(ipam.node_slice_size ?? "").trim());
  const at = ["node_slice_size"];
  const [first] = ranges;
  const subnet = readSubnet(/([^-]+)$/.exec(formatValue(first?.fields.range ?? "").trim())?.[1]);
  const wrong = (problem: string, help: string): IpamProblem[] => [
    { slug: "node-slices", at, parameters: { problem }, help },
  ];
  const text = ipam.node_slice_size;
  if (typeof text === "string" && text !== "" && !written && !isOpaque(text))
    return wrong(`\`${text}\` is not a prefix length`, "write it as `/26`");
  if (!written || !subnet) return [];
  const size = Number(written[1]);
  const longest = countAddressBits(subnet.family);
  if (size > longest) return wrong(`there is no prefix /${size}`, `at most /${longest}`);
  if (size < subnet.prefix)
    return wrong(
      `a slice of /${size} is larger than the range ${formatCidr(subnet)}`,
      `write a prefix longer than /${subnet.prefix}`,
    );
  const slices = 1n << BigInt(size - subnet.prefix);
  if (slices <= SLICES_MAX) return [];
  return wrong(`${slices} slices do not fit into one object`, "write larger slices, or a smaller range");
}

function hasFixed({ addresses }: Fields): boolean {
  return Array.isArray(addresses) && addresses.length > 0;
}

/** Ends outside the range are passed over; the pool is then larger than it looks. */
function ends({ at, fields }: RangeFields): IpamProblem[] {
  const [, start, cidr] = /^(?:([^-/]+)-)?([^/]+\/\d+)$/.exec(formatValue(fields.range).trim()) ?? [];
  const subnet = readSubnet(cidr);
  if (!subnet) return [];
  const first = readAddress(start);
  if (first && !containsAddress(subnet, first)) {
    const problem = `${formatAddress(first)} is not in ${formatCidr(subnet)}`;
    return [{ slug: "outside-subnet", at: [...at, "range"], parameters: { problem } }];
  }
  return ["range_start", "range_end"].flatMap((key): IpamProblem[] => {
    const address = readAddress(fields[key]);
    if (!address || containsAddress(subnet, address)) return [];
    const problem = `${formatAddress(address)} is not in ${formatCidr(subnet)}, so the range does not end there`;
    return [{ slug: "ignored-value", at: [...at, key], parameters: { problem } }];
  });
}

function gateways(ipam: Fields): IpamProblem[] {
  const pools = readPools(ipam);
  const first = pools.find((pool) => pool.subnet.family === readAddress(ipam.gateway)?.family);
  const own = checkGatewayNotInPool(ipam.gateway, pools, ["gateway"]);
  const outside =
    first && !pools.some((pool) => containsGateway(pool.subnet, ipam.gateway))
      ? checkGatewayInSubnet(ipam.gateway, first.subnet, ["gateway"])
      : [];
  const routes = Array.isArray(ipam.routes) ? (ipam.routes as readonly unknown[]) : [];
  const seen = new Set<unknown>([ipam.gateway]);
  const ofRoutes = routes.flatMap((route, index) => {
    if (!isFields(route) || seen.has(route.gw)) return [];
    seen.add(route.gw);
    return checkGatewayNotInPool(route.gw, pools, ["routes", index, "gw"]);
  });
  return [...own, ...outside, ...ofRoutes];
}

function containsGateway(subnet: Parameters<typeof containsAddress>[0], written: unknown): boolean {
  const gateway = readAddress(written);
  return gateway !== undefined && gateway.family === subnet.family && containsAddress(subnet, gateway);
}
