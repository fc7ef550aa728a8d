import { checkIpamFields } from "../cni/check-plugin.ts";
import { type Fields, isFields } from "../lint/read/lint-object.ts";
import { type Address, isSameAddress, parseAddress } from "../net/address.ts";
import {
  type Cidr,
  computeHostRange,
  containsAddress,
  formatCidr,
  type InterfaceAddress,
  parseInterfaceAddress,
  toNetwork,
  toRange,
} from "../net/cidr.ts";
import { type AddressRange, mergeRanges, subtractRanges } from "../net/range.ts";
import { formatShort } from "../schema/from-ajv.ts";
import { formatValue } from "../source/format-value.ts";
import { type ImportRefusal, isImportRefusal } from "./loss.ts";

/** What pods get addresses from, and where they send what is not for their network. */
export interface ExistingAddresses {
  readonly addressing: "pool" | "static" | "dhcp" | "none";
  readonly ipam: "whereabouts" | "host-local" | undefined;
  /** One a family; none where the network does not say. */
  readonly subnets: readonly Cidr[];
  /** What is given out. */
  readonly pods: readonly AddressRange[];
  /** Written in the network itself: whoever is attached has them. */
  readonly fixed: readonly InterfaceAddress[];
  readonly gateways: readonly Address[];
  readonly routes: readonly Cidr[];
  /** Keys that say how the plugin works on the node, and not what it does. */
  readonly settings: readonly string[];
  /** Keys that no plugin reads. */
  readonly ignored: readonly string[];
}

/** Keys of each plugin that are read here. */
const READ: Readonly<Record<string, readonly string[]>> = {
  whereabouts: ["type", "range", "range_start", "range_end", "exclude", "ipRanges", "gateway", "routes"],
  "host-local": ["type", "subnet", "rangeStart", "rangeEnd", "gateway", "ranges", "routes"],
  static: ["type", "addresses", "routes"],
  dhcp: ["type"],
};

/** Where the plugin finds the API, writes its log: the same wherever it is installed. */
const SETTINGS =
  /^(log_file|log_level|kubernetes|configuration_path|datastore|overlapping_ranges|leader_.*|enable_overlapping_ranges|sleep_for_race|resolvConf|name|cniVersion)$/;

interface OldRange {
  readonly subnet: Cidr;
  readonly ranges: readonly AddressRange[];
  readonly gateway: Address | undefined;
}

/** The `ipam` of an attaching plugin. */
export function readAddresses(written: Fields | undefined): ExistingAddresses | ImportRefusal {
  const { ipam, ignored } = read(written);
  const nothing = {
    ignored,
    ipam: undefined,
    subnets: [],
    pods: [],
    fixed: [],
    gateways: [],
    routes: [],
    settings: [],
  };
  const type = ipam?.type;
  if (!ipam || type === undefined || type === "") return { ...nothing, addressing: "none" };
  const known = typeof type === "string" ? READ[type] : undefined;
  if (!known || typeof type !== "string")
    return { why: `plumbline does not know the address plugin \`${formatShort(type)}\`` };
  const others = Object.keys(ipam).filter((key) => !known.includes(key));
  const unsaid = others.find((key) => !SETTINGS.test(key));
  if (unsaid !== undefined) return { why: `intents have no key for \`${unsaid}\` of \`${type}\`` };
  if (type === "dhcp") return { ...nothing, addressing: "dhcp", settings: others };
  const ranges = rangesOf(type, ipam);
  if (isImportRefusal(ranges)) return ranges;
  const routes = routesOf(ipam, ranges);
  if (isImportRefusal(routes)) return routes;
  const gateways = gatewaysOf(ranges, routes.next, type === "static");
  if (isImportRefusal(gateways)) return gateways;
  const fixed = type === "static" ? listOf(ipam.addresses).flatMap(addressOf) : [];
  const merged = bySubnet(ranges);
  if (isImportRefusal(merged)) return merged;
  return {
    addressing: type === "static" ? "static" : "pool",
    ipam: type === "static" ? undefined : (type as "whereabouts" | "host-local"),
    ...merged,
    fixed,
    gateways: gateways.addresses,
    routes: routes.to,
    settings: others,
    ignored,
  };
}

/** What of it is read at all: the rest says nothing today. */
function read(written: Fields | undefined): { readonly ipam: Fields | undefined; readonly ignored: readonly string[] } {
  const problems = written ? checkIpamFields(written, {}).filter((one) => one.kind === "unknown-key") : [];
  if (!written || problems.length === 0) return { ipam: written, ignored: [] };
  const ipam = structuredClone(written) as Record<string, unknown>;
  for (const { path } of problems) {
    let holder: unknown = ipam;
    for (const step of path.slice(0, -1)) holder = (holder as Record<string, unknown> | undefined)?.[step];
    if (typeof holder === "object" && holder !== null) delete (holder as Record<string, unknown>)[String(path.at(-1))];
  }
  return { ipam, ignored: [...new Set(problems.map(({ path }) => path.join(".")))].sort() };
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter(isFields) : [];
}

function addressOf(one: Fields): InterfaceAddress[] {
  const read = parseInterfaceAddress(formatValue(one.address));
  return typeof read === "string" ? [] : [read];
}

/** The ranges of `ipam`, each with its subnet. `static` has one for each address that it writes. */
function rangesOf(type: string, ipam: Fields): readonly OldRange[] | ImportRefusal {
  const written =
    type === "whereabouts"
      ? [...(ipam.range === undefined ? [] : [ipam]), ...listOf(ipam.ipRanges)].map(toHostLocalRange)
      : type === "host-local"
        ? [
            ...(ipam.subnet === undefined ? [] : [ipam]),
            ...(Array.isArray(ipam.ranges) ? (ipam.ranges as readonly unknown[]).flatMap(listOf) : []),
          ]
        : listOf(ipam.addresses).map((one) => ({ subnet: one.address, gateway: one.gateway }));
  const ranges: OldRange[] = [];
  for (const one of written) {
    const range = rangeFrom(one);
    if (isImportRefusal(range)) return range;
    ranges.push(range);
  }
  return type !== "static" && ranges.length === 0 ? { why: "it names no range to give out" } : ranges;
}

/** A range of whereabouts in the words of host-local. What `range` says beside the network gives way to the others. */
function toHostLocalRange(range: Fields): Fields {
  const [, first, last, prefix] = /^\s*([^-/]+)(?:-([^-/]+))?(\/\d+)\s*$/.exec(formatValue(range.range)) ?? [];
  const start = parseAddress(first?.trim() ?? "");
  const subnet = parseInterfaceAddress(`${first?.trim()}${prefix}`);
  const begins = start && typeof subnet !== "string" && (last !== undefined || toNetwork(subnet).base !== start.value);
  return {
    subnet: `${first?.trim()}${prefix}`,
    rangeStart: range.range_start ?? (begins ? first?.trim() : undefined),
    rangeEnd: range.range_end ?? last?.trim(),
    exclude: range.exclude,
    gateway: range.gateway,
  };
}

function rangeFrom(range: Fields): OldRange | ImportRefusal {
  const read = parseInterfaceAddress(formatValue(range.subnet));
  if (typeof read === "string") return { why: `\`${formatValue(range.subnet)}\` is no subnet` };
  const subnet = toNetwork(read);
  const hosts = computeHostRange(subnet);
  const bound = (key: string, otherwise: bigint) =>
    range[key] === undefined ? otherwise : parseAddress(formatValue(range[key]))?.value;
  const [start, end] = [bound("rangeStart", hosts.start), bound("rangeEnd", hosts.end)];
  if (start === undefined || end === undefined || end < start) return { why: "its range is none" };
  const gateway = range.gateway === undefined ? undefined : parseAddress(formatValue(range.gateway));
  const left = (Array.isArray(range.exclude) ? range.exclude : []).flatMap((one: unknown) => {
    const text = formatValue(one);
    const out = parseInterfaceAddress(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
    return typeof out === "string" ? [] : [toRange(toNetwork(out))];
  });
  return { subnet, ranges: subtractRanges({ family: subnet.family, start, end }, left), gateway };
}

/** One subnet a family, with all that is given out in it. */
function bySubnet(ranges: readonly OldRange[]): { subnets: Cidr[]; pods: AddressRange[] } | ImportRefusal {
  const subnets = new Map<string, Cidr>(ranges.map(({ subnet }) => [formatCidr(subnet), subnet]));
  const families = [...subnets.values()].map((one) => one.family);
  if (new Set(families).size < families.length) return { why: "it has two subnets of one address family" };
  return {
    subnets: [...subnets.values()].sort((a, b) => a.family - b.family),
    pods: mergeRanges(ranges.flatMap((one) => one.ranges)),
  };
}

interface OldRoutes {
  readonly to: readonly Cidr[];
  readonly next: readonly Address[];
}

function routesOf(ipam: Fields, ranges: readonly OldRange[]): OldRoutes | ImportRefusal {
  const to: Cidr[] = [];
  const next: Address[] = [];
  for (const route of listOf(ipam.routes)) {
    const more = Object.keys(route).find((key) => key !== "dst" && key !== "gw");
    if (more !== undefined) return { why: `no intent says \`${more}\` of a route` };
    const read = parseInterfaceAddress(formatValue(route.dst));
    if (typeof read === "string") return { why: `\`${formatValue(route.dst)}\` is no destination` };
    const destination = toNetwork(read);
    const via =
      route.gw === undefined ? findImpliedGateway(ipam, ranges, destination) : parseAddress(formatValue(route.gw));
    if (!via) return { why: `the route to ${formatCidr(destination)} has no next hop` };
    to.push(destination);
    next.push(via);
  }
  return { to, next };
}

/** A route without `gw` goes to the gateway of the range; that of host-local is its first address unless it is written. */
function findImpliedGateway(ipam: Fields, ranges: readonly OldRange[], to: Cidr): Address | undefined {
  const range = ranges.find(({ subnet }) => subnet.family === to.family);
  if (!range || range.gateway || ipam.type !== "host-local") return range?.gateway;
  return { family: to.family, value: range.subnet.base + 1n };
}

/** The one router of each family. A gateway that no route leads to is kept where it lies in the subnet. */
function gatewaysOf(
  ranges: readonly OldRange[],
  next: readonly Address[],
  isStatic: boolean,
): { addresses: Address[] } | ImportRefusal {
  const addresses: Address[] = [];
  const written = ranges.flatMap(({ gateway, subnet }) =>
    gateway && containsAddress(subnet, gateway) ? [gateway] : [],
  );
  for (const family of [4, 6] as const) {
    const routers = next.filter((one) => one.family === family);
    const first = routers[0] ?? (isStatic ? undefined : written.find((one) => one.family === family));
    if (!first) continue;
    if (routers.some((one) => !isSameAddress(one, first))) return { why: "its routes lead to several routers" };
    addresses.push(first);
  }
  return { addresses };
}
