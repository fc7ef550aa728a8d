import type { Fabric } from "../ir/fabric.ts";
import { countAddressBits } from "../net/address.ts";
import { type Cidr, countAddresses } from "../net/cidr.ts";
import { placeAt } from "../source/place.ts";
import type { AllocationPool, AllocationRequest, Allocator, Holder } from "./lock/allocator.ts";

/** Part of every subnet that a cluster gives addresses from: slot 3 of 8. */
export interface ClusterShare {
  readonly slot: number;
  readonly of: number;
}

interface ShareRequest extends AllocationRequest<ClusterShare> {
  /** undefined: not written, so what was given out before stands whatever its size. */
  readonly of: number | undefined;
  readonly otherwise: number;
}

/** Clusters of a shared Fabric get an eighth each, so that a new cluster moves nobody; a lone one gets all. */
const SHARED = 8;

/** The share of each cluster of a Fabric. */
export function allocateClusterShares(fabric: Fabric, allocator: Allocator): ReadonlyMap<string, ClusterShare> {
  const otherwise = fabric.clusters.length > 1 ? SHARED : 1;
  const requests = fabric.clusters.map((cluster, index): ShareRequest => {
    const of = fabric.shares.get(cluster);
    return {
      key: `fabric/${fabric.name}/cluster/${cluster}/share`,
      formerKey: undefined,
      who: `cluster/${cluster}`,
      place:
        of === undefined
          ? placeAt(fabric.doc, "spec", "clusters", index)
          : placeAt(fabric.doc, "spec", "shares", cluster),
      pinned: undefined,
      of,
      otherwise,
    };
  });
  const given = allocator.allocate(createSharePool(fabric.name), requests);
  return new Map(
    requests.flatMap(({ key }, index) => {
      const share = given.get(key);
      return share ? [[fabric.clusters[index] as string, share]] : [];
    }),
  );
}

function createSharePool(fabric: string): AllocationPool<ClusterShare> {
  const held: { share: ClusterShare; holding: Holder }[] = [];
  return {
    description: `Fabric \`${fabric}\``,
    noun: "share of the subnets",
    read(text) {
      const match = /^(\d{1,2})\/(\d{1,2})$/.exec(text);
      const share = { slot: Number(match?.[1]), of: Number(match?.[2]) };
      return match && Number.isInteger(Math.log2(share.of)) && share.slot < share.of ? share : undefined;
    },
    format: ({ slot, of }) => `${slot}/${of}`,
    holder: (share) => held.find((other) => meet(other.share, share))?.holding,
    take: (share, holding) => void held.push({ share, holding }),
    count: (request) => sizeWanted(request as ShareRequest),
    candidate: (request, index) => ({ slot: index, of: sizeWanted(request as ShareRequest) }),
    isAllowed: (request, share) => {
      const { of } = request as ShareRequest;
      return of === undefined || share.of === of;
    },
    ownsKey: (key) => key.startsWith(`fabric/${fabric}/cluster/`) && key.endsWith("/share"),
  };
}

function sizeWanted(request: ShareRequest): number {
  return request.of ?? request.otherwise;
}

function meet(a: ClusterShare, b: ClusterShare): boolean {
  return a.slot * b.of < (b.slot + 1) * a.of && b.slot * a.of < (a.slot + 1) * b.of;
}

/** The part of a network that a share is; undefined where it is too small to be split. */
export function sharePart(network: Cidr, share: ClusterShare): Cidr | undefined {
  const prefix = network.prefix + Math.log2(share.of);
  if (prefix > countAddressBits(network.family)) return undefined;
  const size = countAddresses({ ...network, prefix });
  return { family: network.family, base: network.base + BigInt(share.slot) * size, prefix };
}
