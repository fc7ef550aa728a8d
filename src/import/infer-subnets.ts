import { type Address, isSameAddress } from "../net/address.ts";
import {
  type Cidr,
  cidrsOverlap,
  compareCidrs,
  containsAddress,
  formatCidr,
  type InterfaceAddress,
  toNetwork,
} from "../net/cidr.ts";
import { buildWorkloadLoss, type ExistingMember, type ExistingMembers } from "./existing-members.ts";
import type { ExistingNetwork, ExistingNetworkObjects } from "./existing-networks.ts";
import { type ImportLoss, type ImportRefusal, isImportRefusal } from "./loss.ts";

/** A network with its subnets and those whom they fit. */
export interface ResolvedNetwork {
  readonly network: ExistingNetwork;
  readonly members: readonly ExistingMember[];
  readonly subnets: readonly Cidr[];
  readonly gateways: readonly Address[];
}

export interface ResolvedNetworks {
  readonly networks: readonly ResolvedNetwork[];
  /** What cannot be said in intents, and why. */
  readonly refused: readonly { readonly network: ExistingNetwork; readonly why: string }[];
  readonly losses: readonly ImportLoss[];
}

/** Addresses that pods ask for in a network, wherever that is written. */
export type RequestedAddresses = (network: ExistingNetwork) => readonly InterfaceAddress[];

/**
 * Subnets of every network. Where the network itself names none, those of the addresses that pods ask for; and around a
 * router that nobody's address lies with, a guess: no pod depends on it, since each address has its own prefix.
 */
export function inferSubnets({ members }: ExistingMembers, asked: RequestedAddresses): ResolvedNetworks {
  const networks: ResolvedNetwork[] = [];
  const losses: ImportLoss[] = [];
  const refused: { network: ExistingNetwork; why: string }[] = [];
  for (const [network, all] of members) {
    const settled = settle(network, all, asked(network), losses);
    if (isImportRefusal(settled)) refused.push({ network, why: settled.why });
    else networks.push(settled);
  }
  return { networks, refused, losses };
}

export function buildNetworkLoss({ objects, place }: ExistingNetworkObjects, why: string): ImportLoss {
  const names = objects.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
  return { kind: "network", what: `NetworkAttachmentDefinition ${names}`, why, place };
}

function settle(
  network: ExistingNetwork,
  all: readonly ExistingMember[],
  asked: readonly InterfaceAddress[],
  losses: ImportLoss[],
): ResolvedNetwork | ImportRefusal {
  const { carried } = network;
  if (carried.fixed.length > 0 && all.length !== 1)
    return { why: `its addresses are written in it, and ${all.length} workloads here can have them` };
  const gateways = [...carried.gateways];
  for (const hop of all.flatMap((one) => one.defaultRoute))
    if (!gateways.some((one) => one.family === hop.family)) gateways.push(hop);
  const subnets = [...carried.subnets];
  const free = carried.addressing === "static" || carried.addressing === "none";
  for (const family of free ? ([4, 6] as const) : []) {
    if (subnets.some((one) => one.family === family)) continue;
    const seen = [...asked, ...all.flatMap((one) => one.addresses)].filter(({ address }) => address.family === family);
    const gateway = gateways.find((one) => one.family === family);
    const found = findMostFrequent(seen.map(toNetwork));
    if (found) subnets.push(found);
    else if (gateway) subnets.push(assumeSubnet(network, gateway, losses));
  }
  const astray = gateways.find((one) => !subnets.some((subnet) => containsAddress(subnet, one)));
  if (astray) return { why: "its router is in no subnet of its own" };
  const members = all.filter((one) => checkMemberFits(one, subnets, gateways, network, losses));
  if (carried.fixed.length > 0 && members.length === 0)
    return { why: "the workload that has its address stays by hand" };
  return { network, members, subnets: subnets.sort((a, b) => a.family - b.family), gateways };
}

/** The one that most addresses lie in; the first of several. */
function findMostFrequent(networks: readonly Cidr[]): Cidr | undefined {
  const counts = new Map<string, { readonly cidr: Cidr; count: number }>();
  for (const one of networks) {
    const entry = counts.get(formatCidr(one)) ?? { cidr: one, count: 0 };
    entry.count++;
    counts.set(formatCidr(one), entry);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.cidr;
}

function assumeSubnet(network: ExistingNetwork, gateway: Address, losses: ImportLoss[]): Cidr {
  const cidr = toNetwork({ address: gateway, prefix: gateway.family === 4 ? 24 : 64 });
  const why = `${formatCidr(cidr)} is an assumption: no file gives the prefix length of its router's subnet. No address in these files depends on it`;
  losses.push({ ...buildNetworkLoss(network, why), kind: "assumed" });
  return cidr;
}

function checkMemberFits(
  member: ExistingMember,
  subnets: readonly Cidr[],
  gateways: readonly Address[],
  network: ExistingNetwork,
  losses: ImportLoss[],
): boolean {
  const { namespace, name } = network.objects[0] as { namespace: string; name: string };
  const lose = (why: string) => {
    losses.push(buildWorkloadLoss(member.workload, `${namespace}/${name}`, why));
    return false;
  };
  for (const one of member.addresses) {
    const own = toNetwork(one);
    const subnet = subnets.find((other) => other.family === own.family);
    if (!subnet || !containsAddress(subnet, one.address) || subnet.prefix !== one.prefix)
      return lose(`${formatCidr(own)} is not the subnet of the others in the network`);
    if (gateways.some((gateway) => isSameAddress(gateway, one.address)))
      return lose("it has the address of the router");
  }
  // A default route of one family only is one that intents cannot take apart.
  const families = new Set(member.defaultRoute.map((hop) => hop.family));
  if (families.size > 0 && gateways.some((gateway) => !families.has(gateway.family)))
    return lose("its `default-route` is for one address family of two");
  return true;
}

/** Networks of which no two overlap: the later one of two stays by hand. */
export function dropOverlapping(networks: readonly ResolvedNetwork[]): ResolvedNetworks {
  /** Subnets of what is kept, in the order of their addresses: they are disjoint, so neighbours tell of overlaps. */
  const taken: { readonly cidr: Cidr; readonly by: ResolvedNetwork }[] = [];
  const kept: ResolvedNetwork[] = [];
  const refused: { network: ExistingNetwork; why: string }[] = [];
  for (const one of networks) {
    const other = one.subnets.map((cidr) => overlapping(taken, cidr)).find((found) => found !== undefined);
    if (!other) {
      kept.push(one);
      for (const cidr of one.subnets) taken.splice(placeOf(taken, cidr), 0, { cidr, by: one });
      continue;
    }
    const [first] = other.network.objects;
    const why = `it is another view of the subnet of ${first?.namespace}/${first?.name}`;
    refused.push({ network: one.network, why });
  }
  return { networks: kept, refused, losses: [] };
}

function overlapping(
  taken: readonly { readonly cidr: Cidr; readonly by: ResolvedNetwork }[],
  cidr: Cidr,
): ResolvedNetwork | undefined {
  const place = placeOf(taken, cidr);
  return [taken[place - 1], taken[place]].find((one) => one && cidrsOverlap(one.cidr, cidr))?.by;
}

/** Where a subnet belongs among those that are sorted. */
function placeOf(taken: readonly { readonly cidr: Cidr }[], cidr: Cidr): number {
  let low = 0;
  let high = taken.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCidrs((taken[middle] as { readonly cidr: Cidr }).cidr, cidr) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
