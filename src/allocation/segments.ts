import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Fabric } from "../ir/fabric.ts";
import type { Cluster } from "../ir/project.ts";
import { type Cidr, computeHostRange, containsCidr, formatCidr, toRange } from "../net/cidr.ts";
import { type AddressRange, parseRange, subtractRanges } from "../net/range.ts";
import { checkExistingObjects } from "./check-existing.ts";
import { allocateClusterShares, type ClusterShare, sharePart } from "./cluster-shares.ts";
import { allocateLinks, resolveLinkInCluster } from "./links.ts";
import type { Allocator } from "./lock/allocator.ts";
import { networkRules } from "./network-rules.ts";
import type { PlacedRequest, SegmentState } from "./segment-state.ts";
import { allocateSubnets } from "./subnets.ts";

/** Every network of one Fabric in every cluster, with VLAN, subnets and the cluster's share. Errors leave a network out. */
export function allocateSegments(
  fabric: Fabric,
  clusters: readonly Cluster[],
  placed: readonly PlacedRequest[],
  allocator: Allocator,
  found: Diagnostic[],
): readonly SegmentState[] {
  checkExistingObjects(placed, found);
  const shares = allocateClusterShares(fabric, allocator);
  const links = allocateLinks(fabric, placed, allocator, found);
  const subnets = allocateSubnets(fabric, clusters, placed, allocator, found);
  return placed.flatMap((one) => {
    const first = links.get(one.request.id);
    const linked = first && resolveLinkInCluster(fabric, one, first, found);
    const nets = subnets.get(one.request.id);
    const share = shares.get(one.cluster.name);
    if (!linked || !nets || !share) return [];
    const { request, cluster } = one;
    const reserved = (request.spec.reserved ?? []).flatMap((text, index) => {
      const range = parseRange(text) as AddressRange;
      const within = nets.some(
        (net) => net.family === range.family && toRange(net).start <= range.start && toRange(net).end >= range.end,
      );
      if (!within)
        found.push(
          networkRules.diagnose("outside-subnet", request.at("reserved", index), {
            address: text,
            network: request.id,
          }),
        );
      return range;
    });
    const free = new Map(nets.map((net) => [net, freeIn(one, net, share, reserved, found)] as const));
    const mtu = request.spec.mtu ?? linked.uplink?.mtu ?? cluster.platform.podNetwork.mtu;
    return [{ ...one, ...linked, mtu, subnets: nets, reserved, free }];
  });
}

function freeIn(
  { request, cluster }: PlacedRequest,
  net: Cidr,
  share: ClusterShare,
  reserved: readonly AddressRange[],
  found: Diagnostic[],
): AddressRange[] {
  const ours = (request.podsWithin ?? [net]).filter((one) => one.family === net.family && containsCidr(net, one));
  const hosts = computeHostRange(net);
  const free: AddressRange[] = [];
  for (const one of ours) {
    const part = sharePart(one, share);
    if (!part) continue;
    const range = toRange(part);
    const start = range.start > hosts.start ? range.start : hosts.start;
    const end = range.end < hosts.end ? range.end : hosts.end;
    if (start <= end) free.push(...subtractRanges({ family: net.family, start, end }, reserved));
  }
  const needed =
    (request.spec.addressing ?? "pool") === "pool" && request.members.some((member) => !member.spec.addresses);
  if (free.length === 0 && needed)
    found.push(
      networkRules.diagnose("subnet-too-small", request.at("subnets"), {
        subnet: formatCidr(net),
        cluster: cluster.name,
      }),
    );
  return free;
}
