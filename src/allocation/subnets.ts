import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import type { Fabric, Pool } from "../ir/fabric.ts";
import type { Cluster, TakenSubnet } from "../ir/project.ts";
import type { NetworkRequest } from "../kinds/shared/claims.ts";
import { type Cidr, cidrsOverlap, compareCidrs, formatCidr, parseKnownCidr } from "../net/cidr.ts";
import type { NodePlace, Place } from "../source/place.ts";
import { createSubnetPool, type SubnetRequest } from "./allocation-pools.ts";
import type { Allocator } from "./lock/allocator.ts";
import { networkRules } from "./network-rules.ts";
import { formatFabricPrefix, formatFormerKey, type PlacedRequest } from "./segment-state.ts";

/** The subnets of every network of a Fabric, IPv4 first. By intent id; a network with an error is missing. */
export function allocateSubnets(
  fabric: Fabric,
  clusters: readonly Cluster[],
  placed: readonly PlacedRequest[],
  allocator: Allocator,
  found: Diagnostic[],
): Map<string, readonly Cidr[]> {
  const wishes = new Map(placed.map(({ request: wish }) => [wish.id, wish]));
  const requests = new Map<string, SubnetRequest[]>();
  for (const wish of wishes.values()) {
    const wanted = requestsOf(fabric, wish, found);
    if (wanted) requests.set(wish.id, wanted);
  }
  checkPools(fabric, clusters, found);
  const refused = overlapping(clusters, wishes, requests, found);
  const blocked = clusters.flatMap(({ name, platform: { podNetwork, taken } }) =>
    [...podNetwork.cidrs, ...podNetwork.serviceCidrs, ...taken.map((one) => one.cidr)].map((one) => ({
      cidr: one,
      holding: { who: `cluster/${name}`, place: undefined, pinned: false },
    })),
  );
  const all = [...requests.values()].flat().filter((request) => !refused.has(request));
  const given = allocator.allocate(createSubnetPool(fabric.name, blocked), all);
  const subnets = new Map<string, readonly Cidr[]>();
  for (const [id, wanted] of requests) {
    const got = wanted.flatMap(({ key }) => given.get(key) ?? []);
    if (got.length === wanted.length) subnets.set(id, got.sort(compareCidrs));
  }
  return subnets;
}

function requestsOf(fabric: Fabric, wish: NetworkRequest, found: Diagnostic[]): SubnetRequest[] | undefined {
  const { spec } = wish;
  if (spec.subnets) {
    // Subnets that are written need no pool, but a pool that is named must exist all the same.
    for (const [index, name] of (spec.pools ?? []).entries()) poolOf(fabric, name, wish.at("pools", index), found);
    return distinct(
      wish,
      spec.subnets.map((text, index) => ({ subnet: parseKnownCidr(text), place: wish.at("subnets", index) })),
      found,
    ).map(({ subnet, place }) => request(fabric, wish, subnet.family, place, subnet, undefined));
  }
  if (spec.addressing === "none" || spec.addressing === "dhcp") return [];
  // What was there before has subnets whether we know them or not.
  if (spec.addressing === "static" && (wish.role === "external" || (wish.role === "network" && spec.existing)))
    return [];
  const names = spec.pools ?? fabric.poolOrder.slice(0, 1);
  if (names.length === 0) {
    found.push(networkRules.diagnose("no-pool", wish.at(), { fabric: fabric.name }));
    return undefined;
  }
  const pools = names.flatMap((name, index) => poolOf(fabric, name, wish.at("pools", index), found));
  if (pools.length < names.length) return undefined;
  return distinct(
    wish,
    pools.map((pool, index) => ({ subnet: pool.cidr, pool, place: wish.at("pools", index) })),
    found,
  ).map(({ pool }) => request(fabric, wish, pool.cidr.family, wish.origin, undefined, pool));
}

function request(
  fabric: Fabric,
  wish: NetworkRequest,
  family: 4 | 6,
  place: NodePlace,
  pinned: Cidr | undefined,
  pool: Pool | undefined,
): SubnetRequest {
  const key = `${formatFabricPrefix(fabric, wish.id)}/subnet.ipv${family}`;
  return { key, formerKey: formatFormerKey(key, wish.id, wish.formerName), who: wish.id, place, pinned, family, pool };
}

function poolOf(fabric: Fabric, name: string, place: NodePlace, found: Diagnostic[]): Pool[] {
  const pool = fabric.pools.get(name);
  if (pool) return [pool];
  const names = [...fabric.pools.keys()];
  const extra = { notes: [`its pools are: ${formatList(names)}`], help: formatSuggestion(name, names) };
  found.push(networkRules.diagnose("unknown-pool", place, { name, fabric: fabric.name }, extra));
  return [];
}

/** One subnet per address family. */
function distinct<One extends { subnet: Cidr; place: NodePlace }>(
  wish: NetworkRequest,
  all: readonly One[],
  found: Diagnostic[],
): One[] {
  const seen = new Map<number, One>();
  for (const one of all) {
    const first = seen.get(one.subnet.family);
    if (!first) seen.set(one.subnet.family, one);
    else {
      const related = [{ place: first.place, label: "the first one" }];
      found.push(networkRules.diagnose("same-family", one.place, { family: `IPv${one.subnet.family}` }, { related }));
    }
  }
  if ((wish.spec.mtu ?? 1500) < 1280 && seen.has(6))
    found.push(networkRules.diagnose("mtu-below-ipv6", wish.at("mtu"), { mtu: wish.spec.mtu ?? 1500 }));
  return [...seen.values()];
}

/** A pool must keep off what a cluster takes: every network of it might be the one that meets it. */
function checkPools(fabric: Fabric, clusters: readonly Cluster[], found: Diagnostic[]): void {
  for (const pool of fabric.pools.values()) {
    for (const { name, platform } of clusters) {
      const other = platform.taken.find((one) => cidrsOverlap(one.cidr, pool.cidr));
      if (!other) continue;
      found.push(takenBy(`pool \`${pool.name}\``, pool.cidr, other, name, pool.place));
      break;
    }
  }
}

function takenBy(
  what: string,
  subnet: Cidr,
  { cidr: b, what: taken, key }: TakenSubnet,
  cluster: string,
  place: Place,
) {
  const parameters = { what, a: formatCidr(subnet), b: formatCidr(b), taken, cluster };
  const help = `take other addresses; where the cluster was installed with another ${taken.replace(/ of .*/, "")}, name it in \`${key}\``;
  return networkRules.diagnose("taken-by-platform", place, parameters, { help });
}

interface Claimed {
  readonly subnet: Cidr;
  readonly request: SubnetRequest | undefined;
  readonly who: string;
  readonly what: "pod" | "service" | TakenSubnet | undefined;
}

/** Written subnets against each other and the clusters' own networks: one sweep over all, sorted. */
function overlapping(
  clusters: readonly Cluster[],
  wishes: ReadonlyMap<string, NetworkRequest>,
  requests: ReadonlyMap<string, readonly SubnetRequest[]>,
  found: Diagnostic[],
): Set<SubnetRequest> {
  const own = clusters.flatMap(({ name, platform: { podNetwork, taken } }): Claimed[] => [
    ...podNetwork.cidrs.map((subnet) => ({ subnet, request: undefined, who: name, what: "pod" as const })),
    ...podNetwork.serviceCidrs.map((subnet) => ({ subnet, request: undefined, who: name, what: "service" as const })),
    ...taken.map((one) => ({ subnet: one.cidr, request: undefined, who: name, what: one })),
  ]);
  const written = [...wishes.keys()].flatMap((id) =>
    (requests.get(id) ?? []).flatMap((one): Claimed[] =>
      one.pinned ? [{ subnet: one.pinned, request: one, who: id, what: undefined }] : [],
    ),
  );
  const refused = new Set<SubnetRequest>();
  const open: Claimed[] = [];
  for (const one of [...own, ...written].sort((a, b) => compareCidrs(a.subnet, b.subnet))) {
    while (open.length > 0 && !cidrsOverlap((open.at(-1) as Claimed).subnet, one.subnet)) open.pop();
    const other = open.at(-1);
    if (other) report(other, one, refused, found);
    open.push(one);
  }
  return refused;
}

function report(a: Claimed, b: Claimed, refused: Set<SubnetRequest>, found: Diagnostic[]): void {
  const [first, second] = b.request === undefined || (a.request && a.who > b.who) ? [b, a] : [a, b];
  if (!second.request) return;
  refused.add(second.request);
  const parameters = { a: formatCidr(second.subnet), b: formatCidr(first.subnet) };
  if (typeof first.what === "object") {
    found.push(takenBy("subnet", second.subnet, first.what, first.who, second.request.place));
    return;
  }
  if (first.what) {
    found.push(
      networkRules.diagnose("overlaps-pod-network", second.request.place, {
        ...parameters,
        what: first.what,
        cluster: first.who,
      }),
    );
    return;
  }
  const related = first.request ? [{ place: first.request.place, label: "first claimed here" }] : [];
  found.push(
    networkRules.diagnose("overlapping-subnet", second.request.place, { ...parameters, other: first.who }, { related }),
  );
}
