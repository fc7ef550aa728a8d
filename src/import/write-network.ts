import { formatAddress } from "../net/address.ts";
import { type Cidr, computeHostRange, containsAddress, formatCidr, toNetwork, toRange } from "../net/cidr.ts";
import { type AddressRange, splitIntoCidrs, subtractRanges } from "../net/range.ts";
import type { ExistingMember } from "./existing-members.ts";
import type { ResolvedNetwork } from "./infer-subnets.ts";
import type { InferredUplink } from "./uplinks.ts";

type Json = Readonly<Record<string, unknown>>;

/** What of a cluster's platform a network need not say. */
export interface PlatformDefaults {
  readonly ipam: "whereabouts" | "host-local";
}

/** Drops what is undefined, and lists and maps that hold nothing. */
export function dropEmpty(fields: Json): Json {
  const isEmpty = (value: unknown) =>
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

/** `network` of a zone or an external network. */
export function writeNetwork(
  settled: ResolvedNetwork,
  uplink: InferredUplink,
  kind: "zone" | "external",
  usual: PlatformDefaults,
): Json {
  const { network, subnets } = settled;
  const { carried, objects } = network;
  const { link } = carried;
  return dropEmpty({
    separation: separationOf(settled, uplink),
    uplink: uplink.name,
    vlan: link.vlan,
    attach: link.attach === uplink.attach ? undefined : link.attach,
    subnets: subnets.map(formatCidr),
    pods: kind === "external" && carried.addressing === "pool" ? podsOf(settled) : undefined,
    addressing: carried.addressing === "pool" ? undefined : carried.addressing,
    ipam: carried.ipam === usual.ipam ? undefined : carried.ipam,
    mtu: carried.mtu,
    plugin: carried.plugin,
    chain: carried.chain,
    existing: { objects, ...(carried.cniName !== undefined && { cniName: carried.cniName }) },
  });
}

/** A VLAN, or the wire of an uplink, that several networks here are on is kept apart by nothing. */
function separationOf(
  { network }: ResolvedNetwork,
  { users, perVlan }: InferredUplink,
): "physical" | "vlan" | "shared" {
  const { vlan } = network.carried.link;
  if (vlan === undefined) return users.length === 1 ? "physical" : "shared";
  return perVlan.get(vlan) === 1 ? "vlan" : "shared";
}

/** The addresses that are given out, as networks. Routers are claimed by the intent itself. */
function podsOf({ network, subnets }: ResolvedNetwork): readonly string[] {
  return subnets.flatMap((subnet) => {
    const own = network.carried.pods.filter((range) =>
      containsAddress(subnet, { family: range.family, value: range.start }),
    );
    return isWhole(own, subnet)
      ? [formatCidr(subnet)]
      : own.flatMap((range) => blocksOf(range, subnet)).map(formatCidr);
  });
}

/** One block where the range is all of it that pods can have: `.128` to `.254` of a /24 are its upper half. */
function blocksOf(range: AddressRange, subnet: Cidr): readonly Cidr[] {
  const hosts = computeHostRange(subnet);
  for (let prefix = subnet.prefix + 1; prefix < (subnet.family === 4 ? 31 : 127); prefix++) {
    const block = toNetwork({ address: { family: subnet.family, value: range.start }, prefix });
    const whole = toRange(block);
    const start = whole.start < hosts.start ? hosts.start : whole.start;
    const end = whole.end > hosts.end ? hosts.end : whole.end;
    if (start === range.start && end === range.end) return [block];
  }
  return splitIntoCidrs(range);
}

function isWhole(ranges: readonly AddressRange[], subnet: ResolvedNetwork["subnets"][number]): boolean {
  return subtractRanges(computeHostRange(subnet), ranges).length === 0;
}

/** Whether a network gives out all of its subnets. host-local keeps the first address back whatever it is told. */
export function isWholeSubnetAllocated({ network, subnets }: ResolvedNetwork): boolean {
  return subnets.every((subnet) =>
    isWhole(
      network.carried.pods.filter((one) => one.family === subnet.family),
      subnet,
    ),
  );
}

/** `members`, each with the interface that it has today. */
export function writeMembers(members: readonly ExistingMember[]): readonly Json[] {
  return members.map(({ workload, interface: name, mac, addresses, defaultRoute }) =>
    dropEmpty({
      workload: { namespace: workload.namespace, kind: workload.kind, name: workload.name },
      interface: name,
      mac,
      addresses: addresses.map((one) => formatAddress(one.address)),
      defaultRoute: defaultRoute.length > 0 ? true : undefined,
    }),
  );
}
