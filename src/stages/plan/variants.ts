import { networkRules } from "../../allocation/network-rules.ts";
import { listOwnPools, listSharedPools } from "../../allocation/pools.ts";
import type { SegmentState } from "../../allocation/segment-state.ts";
import type { FindingCollector } from "../../diagnostics/findings.ts";
import type { ExistingSpec, ObjectName } from "../../ir/network-spec.ts";
import type { Attachment, GuestSettings, Ipam, Network, NetworkRoute, Variant } from "../../ir/plan.ts";
import type { RouteRequest } from "../../kinds/plan-builder.ts";
import { addPrefix, listFamilies } from "../../kinds/plan-builder.ts";
import { memberRules } from "../../kinds/shared/member-rules.ts";
import type { Member } from "../../kinds/shared/members.ts";
import { type Address, type Family, formatAddress, parseAddress } from "../../net/address.ts";
import { compareCidrs, formatCidr, type InterfaceAddress } from "../../net/cidr.ts";
import { hashContent } from "../../net/hash.ts";
import { formatObjectName } from "../../net/name.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import {
  formatInterfaceVariant,
  formatVariantName,
  listOwnAddresses,
  type PlanContext,
  type PlanDraft,
} from "./builder.ts";
import { resolveGatewayRoutes, resolveRouteRequests } from "./default-routes.ts";
import { routeRules } from "./route-rules.ts";

export interface BuiltNetwork {
  readonly network: Network;
  /** Without interface names: those need all networks of a pod. */
  readonly attachments: readonly (Omit<Attachment, "interface"> & {
    readonly member: Member;
    /** Wishes for its default route, however it is written. */
    readonly defaults: readonly RouteRequest[];
  })[];
}

interface Open {
  readonly book: string;
  readonly ipam: Ipam;
  readonly routes: readonly NetworkRoute[];
  readonly forwards: boolean;
  readonly namespaces: Set<string>;
}

/** A network with its variants: each distinct (range, routes, IPAM) is one. */
export function buildNetwork(ground: PlanContext, draft: DraftIndex, site: SegmentState): BuiltNetwork {
  const { request } = site;
  const variants = new Map<string, Open>();
  const wanted = draft.routesOf(request.id);
  const wishes = resolveRouteRequests(wanted, ground.cluster.platform);
  const shared = routesFrom(
    wishes.filter((one) => !one.only && !one.defaultRoute),
    request.id,
    ground.findings,
  );
  const general = generalIpam(ground, site);
  const families = listFamilies(site);
  const attachments = request.members.map((member) => {
    // A route of a family that the pod has no address of cannot be added: the pod would not start.
    const own = familiesGiven(site, member);
    const fits = (one: RouteRequest) => own.includes(one.to.family);
    const mine = wishes.filter(
      (one) => fits(one) && (one.only?.has(member.workload) || (!one.only && one.defaultRoute)),
    );
    const guest = guestOf(site, member, wishes);
    // What a guest sets is no matter of the network's objects.
    const added = guest ? [] : mine.filter((one) => !one.defaultRoute);
    const common = wishes.filter((one) => !one.only && !one.defaultRoute);
    const whole = own.length === families.length && added.length === 0;
    const routes = whole ? shared : routesFrom([...common.filter(fits), ...added], request.id, ground.findings);
    const pieces =
      added.length > 0 ? [...new Set(added.map((one) => one.intent.slice(one.intent.indexOf("/") + 1)))].sort() : [];
    const { ipam, piece } = ipamOf(ground, site, member, general);
    const { name, namespace } = existingFor(site, member, [...piece, ...pieces]) ?? {
      name: formatObjectName([formatVariantName(site, [...piece, ...pieces])]),
      namespace: member.workload.namespace,
    };
    // host-local keeps leases under it: what differs in routes alone must not give an address twice.
    const book = formatObjectName([formatVariantName(site, piece)]);
    openVariant(variants, name, { book, ipam, routes, forwards: false, namespaces: new Set() }).namespaces.add(
      namespace,
    );
    const defaults = wanted.filter(
      (one) => one.defaultRoute && fits(one) && (!one.only || one.only.has(member.workload)),
    );
    const attachment = attachmentOf(site, member, { name, namespace }, mine, ground.findings);
    return { ...attachment, guest, defaultRoute: guest ? [] : attachment.defaultRoute, defaults };
  });
  // Others may name them whom no manifest here describes: charts, operators.
  for (const { name, namespace } of request.spec.existing?.objects ?? [])
    openVariant(variants, name, {
      book: name,
      ipam: general,
      routes: shared,
      forwards: false,
      namespaces: new Set(),
    }).namespaces.add(namespace);
  for (const leg of draft.legsOf(request.id)) {
    const extra = wishes
      .filter((one) => one.legsOf?.includes(leg.intent))
      .map(({ to, via, intent, origin }) => ({ to, via, intent, origin }));
    const own = resolveGatewayRoutes(leg.routes, ground.cluster.platform).map((one) => ({
      ...one,
      intent: leg.intent,
    }));
    const routes = [...own, ...extra].sort((a, b) => compareCidrs(a.to, b.to));
    const name = formatInterfaceVariant(site, leg);
    const variant: Open = { book: name, ipam: { mode: "fixed" }, routes, forwards: true, namespaces: new Set() };
    openVariant(variants, name, variant).namespaces.add(leg.namespace);
  }
  return { network: networkOf(site, variants), attachments };
}

/**
 * The object that was there before, for members that see the network as everybody does: the one that the pod names
 * already, else that of its own namespace, else the first.
 */
function existingFor(site: SegmentState, { workload }: Member, pieces: readonly string[]): ObjectName | undefined {
  const objects = site.request.spec.existing?.objects ?? [];
  if (pieces.length > 0) return undefined;
  const named = objects.find((one) => workload.present.some((other) => isSame(one, other)));
  return named ?? objects.find((one) => one.namespace === workload.namespace) ?? objects[0];
}

function isSame(a: ObjectName, b: ObjectName): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}

/** Wishes of a cluster by network, so that networks cost what is theirs. */
export interface DraftIndex {
  routesOf(network: string): readonly RouteRequest[];
  legsOf(network: string): PlanDraft["legs"];
}

export function indexDraft(draft: PlanDraft): DraftIndex {
  const routes = groupByNetwork(draft.routes);
  const legs = groupByNetwork(draft.legs);
  return { routesOf: (network) => routes.get(network) ?? [], legsOf: (network) => legs.get(network) ?? [] };
}

function groupByNetwork<Wish extends { readonly network: string }>(wishes: readonly Wish[]): Map<string, Wish[]> {
  const map = new Map<string, Wish[]>();
  for (const wish of wishes) {
    const list = map.get(wish.network);
    if (list) list.push(wish);
    else map.set(wish.network, [wish]);
  }
  return map;
}

function openVariant(variants: Map<string, Open>, name: string, variant: Open): Open {
  const known = variants.get(name);
  if (known) return known;
  variants.set(name, variant);
  return variant;
}

/** Address families that a member gets addresses of on a network. */
function familiesGiven(site: SegmentState, { spec }: Member): readonly Family[] {
  if (!spec.addresses || spec.setBy === "guest") return listFamilies(site);
  const written = new Set(spec.addresses.map((text) => parseAddress(text)?.family));
  return listFamilies(site).filter((family) => written.has(family));
}

/** One route per destination; two next hops for one destination are two ways. */
function routesFrom(
  wishes: readonly RouteRequest[],
  network: string,
  findings: FindingCollector,
): readonly NetworkRoute[] {
  const routes = new Map<string, RouteRequest>();
  for (const wish of wishes) {
    const key = formatCidr(wish.to);
    const first = routes.get(key);
    if (!first) routes.set(key, wish);
    else if (formatAddress(first.via) !== formatAddress(wish.via)) {
      const related = [{ place: first.origin, label: "the first path" }];
      const parameters = { to: key, network, a: first.intent, b: wish.intent };
      findings.add([routeRules.diagnose("two-ways", wish.origin, parameters, { related })]);
    }
  }
  return [...routes.values()]
    .sort((a, b) => compareCidrs(a.to, b.to))
    .map(({ to, via, intent, origin }) => ({ to, via, intent, origin }));
}

function generalIpam(ground: PlanContext, site: SegmentState): Ipam {
  const addressing = site.request.spec.addressing ?? "pool";
  if (addressing === "pool") return { mode: "pool", pools: listSharedPools(site, ground.allocations) };
  return { mode: addressing === "static" ? "fixed" : addressing };
}

function ipamOf(
  ground: PlanContext,
  site: SegmentState,
  member: Member,
  general: Ipam,
): { ipam: Ipam; piece: readonly string[] } {
  const { spec, workload } = member;
  if (spec.addresses && spec.setBy !== "guest") {
    const own = familiesGiven(site, member);
    const all = own.length === listFamilies(site).length;
    if (all && general.mode === "fixed") return { ipam: general, piece: [] };
    return { ipam: { mode: "fixed" }, piece: [all ? "fixed" : `fixed-ipv${own[0]}`] };
  }
  const { cluster, findings } = ground;
  if (general.mode === "pool" && (site.request.spec.ipam ?? cluster.platform.ipam) === "static")
    findings.add([networkRules.diagnose("no-addresses", member.place, { member: formatDisplayName(workload) })]);
  if (!spec.range) {
    if (general.mode === "pool" && general.pools.length === 0) {
      const subnet = site.subnets.map(formatCidr).join(", ");
      findings.add([
        networkRules.diagnose("subnet-too-small", site.request.at("subnets"), { subnet, cluster: cluster.name }),
      ]);
    }
    return { ipam: general, piece: [] };
  }
  const own = listOwnAddresses(ground, site.request.id, member, [cluster.name]);
  const same = site.request.members.some(
    (other) =>
      other !== member &&
      other.spec.range &&
      other.workload.namespace === workload.namespace &&
      other.workload.name === workload.name,
  );
  const name = `${workload.namespace}-${workload.name}${same ? `-${hashContent(workload.kind, 6)}` : ""}`;
  return { ipam: { mode: "pool", pools: listOwnPools(site, own) }, piece: [name] };
}

function attachmentOf(
  site: SegmentState,
  member: Member,
  variant: ObjectName,
  mine: readonly RouteRequest[],
  findings: FindingCollector,
): Omit<BuiltNetwork["attachments"][number], "guest" | "defaults"> {
  const { request, link } = site;
  const { spec, workload } = member;
  const defaults = mine.filter((one) => one.defaultRoute);
  const other = defaults.find((one) => one.intent !== defaults[0]?.intent);
  if (other && defaults[0]) {
    const related = [{ place: defaults[0].origin, label: "the first one" }];
    const parameters = { ref: formatDisplayName(workload), a: defaults[0].intent, b: other.intent };
    findings.add([routeRules.diagnose("two-defaults", other.origin, parameters, { related })]);
  }
  if (link.attach === "ipvlan" && spec.mac !== undefined)
    findings.add([memberRules.diagnose("mac-of-master", member.at("mac"), { network: request.id })]);
  const taken = request.spec.existing?.objects ?? [];
  if (workload.present.some((one) => isSame(one, variant) && !taken.some((other) => isSame(one, other))))
    findings.add([
      memberRules.diagnose("already-attached", member.place, {
        ref: formatDisplayName(workload),
        network: variant.name,
      }),
    ]);
  return {
    intent: request.id,
    origin: member.place,
    network: request.id,
    variant: variant.name,
    variantNamespace: variant.namespace,
    workload,
    member,
    mac: spec.mac,
    addresses: spec.setBy === "guest" ? [] : onSite(site, spec.addresses ?? []),
    perPod: spec.perPod?.map((own) => onSite(site, own)),
    defaultRoute: distinctAddresses(defaults.map((one) => one.via)),
    steeredBy: defaults[0]?.intent,
    resolvers: distinctAddresses(mine.flatMap((one) => one.resolvers ?? [])),
    nodes: link.nodes,
  };
}

/** What the guest of a member has to set: the routes are those that a pod would be given. */
function guestOf(site: SegmentState, member: Member, wishes: readonly RouteRequest[]): GuestSettings | undefined {
  const { spec, workload } = member;
  if (spec.setBy !== "guest") return undefined;
  const addresses = onSite(site, spec.addresses ?? []);
  const families = new Set(addresses.map(({ address }) => address.family));
  const own = wishes.filter((one) => families.has(one.to.family) && (one.only?.has(workload) ?? true));
  const routes = new Map(own.map(({ to, via }) => [`${formatCidr(to)} ${formatAddress(via)}`, { to, via }]));
  return { addresses, routes: [...routes.values()].sort((a, b) => compareCidrs(a.to, b.to)) };
}

function distinctAddresses(addresses: readonly Address[]): readonly Address[] {
  return [...new Map(addresses.map((one) => [formatAddress(one), one])).values()];
}

function onSite(site: SegmentState, addresses: readonly string[]): readonly InterfaceAddress[] {
  return (
    addresses
      .map((text) => parseAddress(text) as Address)
      // One of a family without a subnet is an error that was reported where it was claimed.
      .filter((address) => site.subnets.some((subnet) => subnet.family === address.family))
      .map((address) => addPrefix(site, address))
  );
}

/** Under which name leases were kept: that of the configuration, or of the object where that is silent. */
function oldBook(existing: ExistingSpec | undefined, variant: string): string | undefined {
  if (!existing) return undefined;
  const old = existing.objects.find((one) => one.name === variant) ?? existing.objects[0];
  return existing.cniName ?? old?.name;
}

function networkOf(site: SegmentState, variants: ReadonlyMap<string, Open>): Network {
  const { request, link, mtu, subnets } = site;
  const { spec } = request;
  const list = [...variants].map(([name, { book, ipam, routes, forwards, namespaces }]): Variant => {
    const cniName = (forwards ? undefined : oldBook(spec.existing, name)) ?? book;
    return { name, cniName, ipam, routes, forwards, namespaces: [...namespaces].sort() };
  });
  return {
    intent: request.id,
    origin: request.origin,
    name: request.name,
    target: request.target,
    role: request.role,
    link,
    mtu,
    subnets,
    sysctls: spec.sysctls ?? {},
    bandwidth: spec.bandwidth && {
      ingress: parseRate(spec.bandwidth.ingress),
      egress: parseRate(spec.bandwidth.egress),
    },
    plugin: spec.plugin ?? {},
    chain: spec.chain ?? [],
    membersApart: request.membersApart,
    limits: request.limits ?? "none",
    ipam: spec.ipam,
    takesOver: spec.existing?.objects ?? [],
    ownMtu: spec.existing === undefined || spec.mtu !== undefined,
    variants: list.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** `100M` in bits per second. */
function parseRate(text: string | undefined): number | undefined {
  const match = /^(\d+)([KMG]?)$/.exec(text ?? "");
  return match ? Number(match[1]) * { "": 1, K: 1e3, M: 1e6, G: 1e9 }[match[2] as "" | "K" | "M" | "G"] : undefined;
}
