import { clusterKey, type Given, memberField, podField, sharedKey, vridKey } from "../../allocation/claims.ts";
import type { SiteState } from "../../allocation/site-state.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Findings } from "../../diagnostics/findings.ts";
import type { Fabric } from "../../ir/fabric.ts";
import type { LabelSelector, Party } from "../../ir/intent.ts";
import type {
  Admission,
  Boundary,
  Crossing,
  Gateway,
  Handoff,
  KeptNetwork,
  Plan,
  PlannedNamespace,
} from "../../ir/plan.ts";
import type { Cluster } from "../../ir/project.ts";
import type { Workload, Workloads } from "../../ir/workload.ts";
import type { LegWish, PlanBuilder, ResolvedParty, RouteWish, Scene } from "../../kinds/plan-builder.ts";
import { internetOf } from "../../kinds/shared/internet.ts";
import type { Member } from "../../kinds/shared/members.ts";
import { type PartyScene, resolveParty } from "../../kinds/shared/parties.ts";
import type { Address, Family } from "../../net/address.ts";
import { type Cidr, compareCidrs, overlaps } from "../../net/cidr.ts";
import type { AddressRange } from "../../net/range.ts";
import type { NodePlace } from "../../source/place.ts";

/** What kinds wrote, before networks are split into variants. */
export interface Draft {
  readonly routes: RouteWish[];
  readonly legs: LegWish[];
  readonly withoutDns: { readonly network: string; readonly pods: LabelSelector | undefined }[];
  readonly admissions: Admission[];
  readonly boundaries: Boundary[];
  readonly namespaces: PlannedNamespace[];
  readonly gateways: Gateway[];
  readonly crossings: Crossing[];
  readonly handoffs: Handoff[];
  readonly kept: KeptNetwork[];
}

/** What the builder of one cluster stands on. */
export interface Ground {
  readonly cluster: Cluster;
  readonly fabric: Fabric;
  readonly workloads: Workloads;
  readonly scene: Scene;
  readonly labels: Plan["labels"];
  readonly sites: ReadonlyMap<string, SiteState>;
  readonly given: Given;
  readonly findings: Findings;
  /** Networks of the whole project, of every Fabric and cluster. */
  readonly projectNetworks: readonly Cidr[];
}

export function emptyDraft(): Draft {
  return {
    routes: [],
    legs: [],
    withoutDns: [],
    admissions: [],
    boundaries: [],
    namespaces: [],
    gateways: [],
    crossings: [],
    handoffs: [],
    kept: [],
  };
}

/** Addresses that a member has for itself in some clusters: fixed ones, or a range of its own. */
export function ownAddresses(
  ground: Ground,
  network: string,
  member: Member,
  clusters: readonly string[],
): readonly AddressRange[] {
  const { ranges } = ground.given;
  const pods = (member.spec.perPod ?? []).map((_own, ordinal) => podField(member, ordinal));
  const fields = [memberField("member", member), ...pods, memberField("range", member)];
  return clusters.flatMap((cluster) =>
    fields.flatMap((field) =>
      ([4, 6] as Family[]).flatMap((family) => {
        const range = ranges.get(clusterKey(cluster, network, `${field}.ipv${family}`));
        return range ? [range] : [];
      }),
    ),
  );
}

export function createBuilder(ground: Ground, draft: Draft): PlanBuilder {
  const { cluster, fabric, workloads, scene: around, sites, given, findings } = ground;
  const memberships = membershipIndex(sites);
  const bySubnet = subnetIndex(sites);
  const site = (network: string) => sites.get(network);
  let known: readonly Cidr[] | undefined;
  const internet = () => {
    known ??= internetOf(around, ground.projectNetworks);
    return known;
  };
  const scene: PartyScene = {
    workloads,
    internet,
    find: around.find,
    site,
    memberships: (workload) => memberships.get(workload) ?? [],
    // A rule that names a workload means its pods in every cluster that shares the layer 2.
    ownAddresses: (network, member) => ownAddresses(ground, network, member, fabric.clusters),
  };
  return {
    ...around,
    site,
    internet,
    ownAddresses: scene.ownAddresses,
    networksWithin: (cidr) => networksWithin(bySubnet, cidr),
    members: (network) => sites.get(network)?.wish.members ?? [],
    report: (diagnostic) => findings.add([diagnostic]),
    party: (party: Party, from: NodePlace): ResolvedParty | undefined => {
      const resolved = resolveParty(party, from, scene);
      if (!resolved || !("code" in resolved)) return resolved;
      findings.add([resolved as Diagnostic]);
      return undefined;
    },
    address(intent, field, family): Address | undefined {
      const range = given.ranges.get(sharedKey(fabric, intent, `${field}.ipv${family}`));
      return range && { family, value: range.start };
    },
    routerId(intent, field, network) {
      const state = sites.get(network);
      return state && given.numbers.get(vridKey(fabric, intent, field, state))?.number;
    },
    priority: (intent) => given.numbers.get(clusterKey(cluster.name, intent, "priority"))?.number,
    withoutClusterDns: (network, pods) => void draft.withoutDns.push({ network, pods }),
    route: (wish) => void draft.routes.push(wish),
    leg(wish) {
      draft.legs.push(wish);
      return legVariant(sites.get(wish.network) as SiteState, wish);
    },
    admit: (admission) => void draft.admissions.push(admission),
    boundary: (boundary) => void draft.boundaries.push(boundary),
    namespace: (namespace) => void draft.namespaces.push(namespace),
    gateway: (gateway) => void draft.gateways.push(gateway),
    cross: (crossing) => void draft.crossings.push(crossing),
    handoff: (handoff) => void draft.handoffs.push(handoff),
    keep: (network) => void draft.kept.push(network),
  };
}

/** Name of the object that a gateway's leg refers to. `--` cannot stand in an intent's name. */
export function legVariant(site: SiteState, wish: Pick<LegWish, "intent">): string {
  return variantName(site, [wish.intent.slice(wish.intent.indexOf("/") + 1), "leg"]);
}

export function variantName(site: SiteState, pieces: readonly string[]): string {
  return [`${site.wish.role}-${site.wish.name}`, ...pieces].join("--");
}

/** Networks of each workload, zones before others: a rule that names a workload means its zone. */
function membershipIndex(
  sites: ReadonlyMap<string, SiteState>,
): ReadonlyMap<Workload, { network: string; member: Member }[]> {
  const index = new Map<Workload, { network: string; member: Member }[]>();
  for (const role of ["zone", "external", "network", "vpn"])
    for (const [network, { wish }] of sites) {
      if (wish.role !== role) continue;
      for (const member of wish.members) {
        const list = index.get(member.workload);
        if (list) list.push({ network, member });
        else index.set(member.workload, [{ network, member }]);
      }
    }
  return index;
}

interface Located {
  readonly subnet: Cidr;
  readonly site: SiteState;
}

/** Subnets of a cluster in the order of their addresses; they are disjoint. */
function subnetIndex(sites: ReadonlyMap<string, SiteState>): readonly Located[] {
  const all = [...sites.values()].flatMap((site) => site.subnets.map((subnet) => ({ subnet, site })));
  return all.sort((a, b) => compareCidrs(a.subnet, b.subnet));
}

function networksWithin(index: readonly Located[], cidr: Cidr): readonly SiteState[] {
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCidrs((index[middle] as Located).subnet, cidr) < 0) low = middle + 1;
    else high = middle;
  }
  const found: SiteState[] = [];
  const before = index[low - 1];
  if (before && overlaps(before.subnet, cidr)) found.push(before.site);
  for (let i = low; i < index.length && overlaps((index[i] as Located).subnet, cidr); i++)
    found.push((index[i] as Located).site);
  return found;
}
