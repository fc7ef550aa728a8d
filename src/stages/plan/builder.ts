import {
  type Allocations,
  formatClusterKey,
  formatFabricKey,
  formatMemberField,
  formatPodField,
  formatRouterIdKey,
} from "../../allocation/claims.ts";
import type { SegmentState } from "../../allocation/segment-state.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { FindingCollector } from "../../diagnostics/findings.ts";
import type { Fabric } from "../../ir/fabric.ts";
import type { LabelSelector, Party } from "../../ir/intent.ts";
import type {
  AllowedFlow,
  DefaultDenyZone,
  Gateway,
  Handoff,
  Plan,
  PlannedNamespace,
  PlannedPolicyRule,
  VerbatimNetwork,
} from "../../ir/plan.ts";
import type { Cluster } from "../../ir/project.ts";
import type { Workload, Workloads } from "../../ir/workload.ts";
import type {
  IntentContext,
  InterfaceRequest,
  PlanBuilder,
  ResolvedParty,
  RouteRequest,
} from "../../kinds/plan-builder.ts";
import { computeInternet } from "../../kinds/shared/internet.ts";
import type { Member } from "../../kinds/shared/members.ts";
import { type PartyContext, resolveParty } from "../../kinds/shared/parties.ts";
import type { Address, Family } from "../../net/address.ts";
import { type Cidr, cidrsOverlap, compareCidrs } from "../../net/cidr.ts";
import type { AddressRange } from "../../net/range.ts";
import type { NodePlace } from "../../source/place.ts";

/** What kinds wrote, before networks are split into variants. */
export interface PlanDraft {
  readonly routes: RouteRequest[];
  readonly legs: InterfaceRequest[];
  readonly withoutDns: { readonly network: string; readonly pods: LabelSelector | undefined }[];
  readonly policyRules: PlannedPolicyRule[];
  readonly zones: DefaultDenyZone[];
  readonly namespaces: PlannedNamespace[];
  readonly gateways: Gateway[];
  readonly allowedFlows: AllowedFlow[];
  readonly handoffs: Handoff[];
  readonly kept: VerbatimNetwork[];
}

/** What the builder of one cluster stands on. */
export interface PlanContext {
  readonly cluster: Cluster;
  readonly fabric: Fabric;
  readonly workloads: Workloads;
  readonly context: IntentContext;
  readonly labels: Plan["labels"];
  readonly segments: ReadonlyMap<string, SegmentState>;
  readonly allocations: Allocations;
  readonly findings: FindingCollector;
  /** Networks of the whole project, of every Fabric and cluster. */
  readonly projectNetworks: readonly Cidr[];
}

export function createDraft(): PlanDraft {
  return {
    routes: [],
    legs: [],
    withoutDns: [],
    policyRules: [],
    zones: [],
    namespaces: [],
    gateways: [],
    allowedFlows: [],
    handoffs: [],
    kept: [],
  };
}

/** Addresses that a member has for itself in some clusters: fixed ones, or a range of its own. */
export function listOwnAddresses(
  ground: PlanContext,
  network: string,
  member: Member,
  clusters: readonly string[],
): readonly AddressRange[] {
  const { ranges } = ground.allocations;
  const pods = (member.spec.perPod ?? []).map((_own, ordinal) => formatPodField(member, ordinal));
  const fields = [formatMemberField("member", member), ...pods, formatMemberField("range", member)];
  return clusters.flatMap((cluster) =>
    fields.flatMap((field) =>
      ([4, 6] as Family[]).flatMap((family) => {
        const range = ranges.get(formatClusterKey(cluster, network, `${field}.ipv${family}`));
        return range ? [range] : [];
      }),
    ),
  );
}

export function createPlanBuilder(ground: PlanContext, draft: PlanDraft): PlanBuilder {
  const { cluster, fabric, workloads, context: around, segments, allocations, findings } = ground;
  const memberships = membershipIndex(segments);
  const bySubnet = subnetIndex(segments);
  const findSegment = (network: string) => segments.get(network);
  let known: readonly Cidr[] | undefined;
  const internet = () => {
    known ??= computeInternet(around, ground.projectNetworks);
    return known;
  };
  const scene: PartyContext = {
    workloads,
    internet,
    find: around.find,
    site: findSegment,
    memberships: (workload) => memberships.get(workload) ?? [],
    // A rule that names a workload means its pods in every cluster that shares the layer 2.
    ownAddresses: (network, member) => listOwnAddresses(ground, network, member, fabric.clusters),
  };
  return {
    ...around,
    findSegment,
    internet,
    ownAddresses: scene.ownAddresses,
    networksWithin: (cidr) => networksWithin(bySubnet, cidr),
    members: (network) => segments.get(network)?.request.members ?? [],
    report: (diagnostic) => findings.add([diagnostic]),
    resolveParty: (party: Party, from: NodePlace): ResolvedParty | undefined => {
      const resolved = resolveParty(party, from, scene);
      if (!resolved || !("code" in resolved)) return resolved;
      findings.add([resolved as Diagnostic]);
      return undefined;
    },
    address(intent, field, family): Address | undefined {
      const range = allocations.ranges.get(formatFabricKey(fabric, intent, `${field}.ipv${family}`));
      return range && { family, value: range.start };
    },
    routerId(intent, field, network) {
      const state = segments.get(network);
      return state && allocations.numbers.get(formatRouterIdKey(fabric, intent, field, state))?.number;
    },
    priority: (intent) => allocations.numbers.get(formatClusterKey(cluster.name, intent, "priority"))?.number,
    withoutClusterDns: (network, pods) => void draft.withoutDns.push({ network, pods }),
    addRoute: (wish) => void draft.routes.push(wish),
    addInterface(wish) {
      draft.legs.push(wish);
      return formatInterfaceVariant(segments.get(wish.network) as SegmentState, wish);
    },
    addPolicyRule: (admission) => void draft.policyRules.push(admission),
    addZone: (boundary) => void draft.zones.push(boundary),
    addNamespace: (namespace) => void draft.namespaces.push(namespace),
    addGateway: (gateway) => void draft.gateways.push(gateway),
    allowFlow: (crossing) => void draft.allowedFlows.push(crossing),
    addHandoff: (handoff) => void draft.handoffs.push(handoff),
    addVerbatimNetwork: (network) => void draft.kept.push(network),
  };
}

/** Name of the object that a gateway's leg refers to. `--` cannot stand in an intent's name. */
export function formatInterfaceVariant(site: SegmentState, wish: Pick<InterfaceRequest, "intent">): string {
  return formatVariantName(site, [wish.intent.slice(wish.intent.indexOf("/") + 1), "leg"]);
}

export function formatVariantName(site: SegmentState, pieces: readonly string[]): string {
  return [`${site.request.role}-${site.request.name}`, ...pieces].join("--");
}

/** Networks of each workload, zones before others: a rule that names a workload means its zone. */
function membershipIndex(
  sites: ReadonlyMap<string, SegmentState>,
): ReadonlyMap<Workload, { network: string; member: Member }[]> {
  const index = new Map<Workload, { network: string; member: Member }[]>();
  for (const role of ["zone", "external", "network", "vpn"])
    for (const [network, { request }] of sites) {
      if (request.role !== role) continue;
      for (const member of request.members) {
        const list = index.get(member.workload);
        if (list) list.push({ network, member });
        else index.set(member.workload, [{ network, member }]);
      }
    }
  return index;
}

interface Located {
  readonly subnet: Cidr;
  readonly site: SegmentState;
}

/** Subnets of a cluster in the order of their addresses; they are disjoint. */
function subnetIndex(sites: ReadonlyMap<string, SegmentState>): readonly Located[] {
  const all = [...sites.values()].flatMap((site) => site.subnets.map((subnet) => ({ subnet, site })));
  return all.sort((a, b) => compareCidrs(a.subnet, b.subnet));
}

function networksWithin(index: readonly Located[], cidr: Cidr): readonly SegmentState[] {
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCidrs((index[middle] as Located).subnet, cidr) < 0) low = middle + 1;
    else high = middle;
  }
  const found: SegmentState[] = [];
  const before = index[low - 1];
  if (before && cidrsOverlap(before.subnet, cidr)) found.push(before.site);
  for (let i = low; i < index.length && cidrsOverlap((index[i] as Located).subnet, cidr); i++)
    found.push((index[i] as Located).site);
  return found;
}
