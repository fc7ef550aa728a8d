import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Fabric } from "../ir/fabric.ts";
import type { Cluster } from "../ir/project.ts";
import { type Cidr, containsCidr, formatCidr, hostsOf, rangeOf } from "../net/cidr.ts";
import { type AddressRange, parseRange, subtractRanges } from "../net/range.ts";
import { checkExisting } from "./existing.ts";
import { linkedIn, settleLinks } from "./links.ts";
import type { Allocator } from "./lock/allocator.ts";
import { networkRules } from "./network-rules.ts";
import { partOf, type Share, settleShares } from "./shares.ts";
import type { PlacedWish, SiteState } from "./site-state.ts";
import { settleSubnets } from "./subnets.ts";

/** Every network of one Fabric in every cluster, with VLAN, subnets and the cluster's share. Errors leave a network out. */
export function settleSites(
  fabric: Fabric,
  clusters: readonly Cluster[],
  placed: readonly PlacedWish[],
  allocator: Allocator,
  found: Diagnostic[],
): readonly SiteState[] {
  checkExisting(placed, found);
  const shares = settleShares(fabric, allocator);
  const links = settleLinks(fabric, placed, allocator, found);
  const subnets = settleSubnets(fabric, clusters, placed, allocator, found);
  return placed.flatMap((one) => {
    const first = links.get(one.wish.id);
    const linked = first && linkedIn(fabric, one, first, found);
    const nets = subnets.get(one.wish.id);
    const share = shares.get(one.cluster.name);
    if (!linked || !nets || !share) return [];
    const { wish, cluster } = one;
    const reserved = (wish.spec.reserved ?? []).flatMap((text, index) => {
      const range = parseRange(text) as AddressRange;
      const within = nets.some(
        (net) => net.family === range.family && rangeOf(net).start <= range.start && rangeOf(net).end >= range.end,
      );
      if (!within)
        found.push(
          networkRules.diagnose("outside-subnet", wish.at("reserved", index), { address: text, network: wish.id }),
        );
      return range;
    });
    const free = new Map(nets.map((net) => [net, freeIn(one, net, share, reserved, found)] as const));
    const mtu = wish.spec.mtu ?? linked.uplink?.mtu ?? cluster.platform.podNetwork.mtu;
    return [{ ...one, ...linked, mtu, subnets: nets, reserved, free }];
  });
}

function freeIn(
  { wish, cluster }: PlacedWish,
  net: Cidr,
  share: Share,
  reserved: readonly AddressRange[],
  found: Diagnostic[],
): AddressRange[] {
  const ours = (wish.podsWithin ?? [net]).filter((one) => one.family === net.family && containsCidr(net, one));
  const hosts = hostsOf(net);
  const free: AddressRange[] = [];
  for (const one of ours) {
    const part = partOf(one, share);
    if (!part) continue;
    const range = rangeOf(part);
    const start = range.start > hosts.start ? range.start : hosts.start;
    const end = range.end < hosts.end ? range.end : hosts.end;
    if (start <= end) free.push(...subtractRanges({ family: net.family, start, end }, reserved));
  }
  const needed = (wish.spec.addressing ?? "pool") === "pool" && wish.members.some((member) => !member.spec.addresses);
  if (free.length === 0 && needed)
    found.push(
      networkRules.diagnose("subnet-too-small", wish.at("subnets"), { subnet: formatCidr(net), cluster: cluster.name }),
    );
  return free;
}
