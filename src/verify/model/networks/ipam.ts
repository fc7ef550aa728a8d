import { type Address, formatAddress, parseAddress } from "../../../net/address.ts";
import { type Cidr, computeHostRange, parseInterfaceAddress, toNetwork, toRange } from "../../../net/cidr.ts";
import { createAddressSet, subtractAddresses } from "../../headerspace/address-set.ts";
import { type Fields, isFields, readList, readNumber, readText, readTexts } from "../manifests/manifest.ts";
import type { AttachmentRoute, FixedAddress, ReadPool } from "./network.ts";

export interface ReadIpam {
  readonly pools: readonly ReadPool[];
  readonly book?: string;
  readonly fixed: readonly FixedAddress[];
  readonly addressing: "known" | "annotation" | "unknown";
  readonly routes: readonly AttachmentRoute[];
  readonly served?: boolean;
  /** Where a range names it, or by the plugin's own rule: the address that a node has as a router of the network. */
  readonly gateways?: readonly Address[];
}

/** Addresses and routes of a plugin's `ipam`, or why they cannot be read. */
export function readIpam(plugin: Fields): ReadIpam | { why: string } {
  const ipam = isFields(plugin.ipam) ? plugin.ipam : {};
  const type = readText(ipam, "type");
  const routes = readRoutes(ipam);
  if ("why" in routes) return routes;
  if (type === undefined || type === "dhcp") {
    const subnets = (readText(plugin, "subnets") ?? "").split(",").filter((one) => one !== "");
    if (type === undefined && subnets.length > 0)
      return poolsOf(
        subnets.map((range) => ({ range })),
        routes.routes,
      );
    return { pools: [], fixed: [], addressing: "unknown", routes: routes.routes, served: type === "dhcp" };
  }
  if (type === "whereabouts") {
    const more = readList(ipam, "ipRanges").filter(isFields);
    // Leases are kept by range, and by the name of a network only if one is given.
    const book = `whereabouts ${readText(ipam, "network_name") ?? ""}`;
    const ranges = readText(ipam, "range") === undefined ? more : [ipam, ...more];
    const written = ranges.map((range) => parseAddress(readText(range, "gateway") ?? ""));
    return poolsOf(ranges.map(whereabouts), withGateways(routes.routes, written), book);
  }
  if (type === "host-local") {
    const sets = readList(ipam, "ranges").flatMap((set) => (Array.isArray(set) ? set.filter(isFields) : []));
    const ranges = readText(ipam, "subnet") === undefined ? sets : [ipam, ...sets];
    // Leases lie in a folder of the node that is called after the network.
    const book = `host-local ${readText(plugin, "name") ?? ""}`;
    const gateways = ranges.map(gatewayOf).filter((one) => one !== undefined);
    const read = poolsOf(ranges.map(hostLocal), withGateways(routes.routes, gateways), book);
    return "why" in read ? read : { ...read, gateways };
  }
  if (type === "static") return fixedOf(ipam, routes.routes);
  return { why: `the address management \`${type}\` is not known` };
}

/**
 * `range` may say where it starts, and even where it ends: `10.0.0.225/24`, `10.0.0.20-10.0.0.30/24`. What it says gives
 * way to `range_start` and `range_end` (whereabouts pkg/config).
 */
function whereabouts(range: Fields): Fields {
  const text = readText(range, "range") ?? "";
  const match = /^([^-/]+)-([^-/]+)(\/\d+)$/.exec(text.trim());
  const whole = match ? `${match[2]}${match[3]}` : text;
  const read = parseInterfaceAddress(match ? `${match[1]}${match[3]}` : text);
  if (typeof read === "string" || (!match && toNetwork(read).base === read.address.value)) return range;
  return { range_start: formatAddress(read.address), ...(match && { range_end: match[2] }), ...range, range: whole };
}

/** A host-local range in the words of whereabouts. It never gives out its gateway's address (allocator/range.go). */
function hostLocal(range: Fields): Fields {
  const gateway = gatewayOf(range);
  return {
    range: range.subnet,
    range_start: range.rangeStart,
    range_end: range.rangeEnd,
    ...(gateway && { exclude: [formatAddress(gateway)] }),
  };
}

/** As written, or the first address of the subnet. */
function gatewayOf(range: Fields): Address | undefined {
  const written = parseAddress(readText(range, "gateway") ?? "");
  const subnet = parseInterfaceAddress(readText(range, "subnet") ?? "");
  if (written || typeof subnet === "string") return written;
  const { family, base } = toNetwork(subnet);
  return { family, value: base + 1n };
}

/** A route without a next hop goes to the gateway that came with the address (plugins/pkg/ipam ConfigureIface). */
function withGateways(
  routes: readonly AttachmentRoute[],
  gateways: readonly (Address | undefined)[],
): readonly AttachmentRoute[] {
  return routes.map((route) => {
    const via = route.via ?? gateways.find((gateway) => gateway?.family === route.to.family);
    return via ? { ...route, via } : route;
  });
}

function poolsOf(
  ranges: readonly Fields[],
  routes: readonly AttachmentRoute[],
  book?: string,
): ReadIpam | { why: string } {
  const pools: ReadPool[] = [];
  for (const range of ranges) {
    const pool = poolOf(range);
    if (typeof pool === "string") return { why: pool };
    pools.push(pool);
  }
  if (pools.length === 0) return { why: "it gives out addresses and names no range" };
  return { pools, ...(book !== undefined && { book }), fixed: [], addressing: "known", routes };
}

function poolOf(range: Fields): ReadPool | string {
  const text = readText(range, "range") ?? "";
  const read = parseInterfaceAddress(text);
  if (typeof read === "string") return `\`${text}\` is no network`;
  const subnet = toNetwork(read);
  const hosts = computeHostRange(subnet);
  const bounds = ["range_start", "range_end"].map((key) => readText(range, key));
  const [start, end] = bounds.map((bound) => (bound === undefined ? undefined : parseAddress(bound)));
  if (bounds.some((bound, i) => bound !== undefined && [start, end][i]?.family !== subnet.family))
    return `\`${bounds.filter((one) => one !== undefined).join("-")}\` is no part of ${text}`;
  const all = { family: subnet.family, start: start?.value ?? hosts.start, end: end?.value ?? hosts.end };
  const whole = toRange(subnet);
  if (all.start < whole.start || all.end > whole.end) return `what is given out of ${text} is no part of it`;
  if (all.end < all.start) return `the range of ${text} ends before it starts`;
  const excluded = readTexts(range, "exclude").map(parseExcluded);
  const bad = excluded.indexOf(undefined);
  if (bad >= 0) return `\`${readTexts(range, "exclude")[bad]}\` is no address to leave out`;
  const left = createAddressSet(excluded.filter((one) => one !== undefined).map(toRange));
  return { subnet, addresses: subtractAddresses([all], left) };
}

function parseExcluded(text: string): Cidr | undefined {
  const read = parseInterfaceAddress(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
  return typeof read === "string" ? undefined : toNetwork(read);
}

function fixedOf(ipam: Fields, routes: readonly AttachmentRoute[]): ReadIpam | { why: string } {
  const fixed: FixedAddress[] = [];
  for (const one of readList(ipam, "addresses")) {
    const read = parseInterfaceAddress(readText(one, "address") ?? "");
    if (typeof read === "string") return { why: `\`${readText(one, "address")}\` is no address with a prefix` };
    fixed.push({ subnet: toNetwork(read), address: read.address });
  }
  return { pools: [], fixed, addressing: fixed.length > 0 ? "known" : "annotation", routes };
}

function readRoutes(ipam: Fields): { routes: readonly AttachmentRoute[] } | { why: string } {
  const routes: AttachmentRoute[] = [];
  for (const one of readList(ipam, "routes")) {
    const to = parseInterfaceAddress(readText(one, "dst") ?? "");
    const text = readText(one, "gw");
    const via: Address | undefined = text === undefined ? undefined : parseAddress(text);
    if (typeof to === "string" || (text !== undefined && !via))
      return { why: `the route to \`${readText(one, "dst")}\` by \`${text}\`` };
    if (via && via.family !== to.address.family)
      return { why: `the route to \`${readText(one, "dst")}\` by \`${text}\`` };
    routes.push({ to: toNetwork(to), via, metric: readNumber(one, "priority") ?? 0 });
  }
  return { routes };
}
