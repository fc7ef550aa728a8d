import type { LabelSelector } from "../../ir/intent.ts";
import type { Attachment, DefaultDenyZone, Handoff, Network, Plan } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import { complementSelectors } from "../../kinds/shared/select.ts";
import { formatAddress } from "../../net/address.ts";
import { type Cidr, formatCidr, formatInterfaceAddress } from "../../net/cidr.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { PlanContext, PlanDraft } from "./builder.ts";
import { nameInterfaces, type PodInterfaceRequest } from "./interfaces.ts";
import { routeRules } from "./route-rules.ts";
import { type BuiltNetwork, buildNetwork, indexDraft } from "./variants.ts";

/** What kinds wrote, with networks split into variants and interfaces named. */
export function finishPlan(ground: PlanContext, draft: PlanDraft, internet: readonly Cidr[]): Plan {
  const index = indexDraft(draft);
  const built = [...ground.segments.values()].map((site) => buildNetwork(ground, index, site));
  checkDefaultRoutes(ground, built);
  const attachments = nameAttachments(ground, built);
  return {
    cluster: ground.cluster,
    workloads: ground.workloads,
    labels: ground.labels,
    networks: built.map((one): Network => one.network),
    attachments,
    zones: draft.zones.map((boundary) => withoutDns(boundary, draft)),
    policyRules: draft.policyRules,
    gateways: draft.gateways,
    allowedFlows: draft.allowedFlows,
    handoffs: [...draft.handoffs, ...attachments.flatMap(guestHandoff)],
    internet,
    kept: draft.kept,
    namespaces: draft.namespaces,
    audited: draft.zones.filter((one) => one.audit).map((one) => one.intent),
  };
}

/** What somebody must set inside a virtual machine. */
function guestHandoff({ guest, workload, interface: name, intent, origin }: Attachment): readonly Handoff[] {
  if (!guest) return [];
  const addresses = guest.addresses.map(formatInterfaceAddress).join(" and ");
  const routes = guest.routes
    .map(({ to, via }) => `, the route \`${formatCidr(to)}\` by ${formatAddress(via)}`)
    .join("");
  const text = `in the guest of ${formatDisplayName(workload)}, set ${addresses} on the interface \`${name}\` of its pod${routes}`;
  return [{ topic: "guest", text, intent, origin }];
}

/** Pods that ask a resolver behind a tunnel must not also ask the cluster's: names would leak. */
function withoutDns(boundary: DefaultDenyZone, draft: PlanDraft): DefaultDenyZone {
  const without = draft.withoutDns.filter((one) => one.network === boundary.intent);
  if (without.length === 0) return boundary;
  const openings = boundary.openings.flatMap((opening) => {
    if (!opening.name.startsWith("dns")) return [opening];
    let kept: readonly LabelSelector[] = [opening.pods];
    for (const { pods } of without)
      kept =
        pods === undefined
          ? []
          : kept.flatMap((one) => complementSelectors(pods).map((other) => mergeSelectors(one, other)));
    return kept.map((pods, index) => ({
      ...opening,
      pods,
      name: kept.length > 1 ? `${opening.name}-${index + 1}` : opening.name,
    }));
  });
  return { ...boundary, openings };
}

function mergeSelectors(a: LabelSelector, b: LabelSelector): LabelSelector {
  const matchExpressions = [...(a.matchExpressions ?? []), ...(b.matchExpressions ?? [])];
  return {
    ...((a.matchLabels ?? b.matchLabels) && { matchLabels: { ...a.matchLabels, ...b.matchLabels } }),
    matchExpressions,
  };
}

/** A default route by another network than eth0 must not cut pods off from their cluster; a member that asks for one must get one. */
function checkDefaultRoutes(ground: PlanContext, built: readonly BuiltNetwork[]): void {
  const { name: cluster, platform } = ground.cluster;
  const { defaultElsewhere, probedFromNodes, nodeCidrs } = platform.podNetwork;
  for (const { attachments } of built)
    for (const { member, defaults, network } of attachments) {
      const [first] = defaults;
      const place = member.spec.defaultRoute ? member.at("defaultRoute") : first?.origin;
      if (!place) continue;
      if (defaultElsewhere === undefined && !first?.reportedByKind)
        ground.findings.add([routeRules.diagnose("default-needs-routes", place, { cluster })]);
      if (defaultElsewhere === "beside" && probedFromNodes && nodeCidrs.length === 0)
        ground.findings.add([routeRules.diagnose("probes-from-nodes", place, { cluster, cni: platform.cni ?? "" })]);
      if (!first) ground.findings.add([routeRules.diagnose("no-gateway", place, { network, found: "none" })]);
    }
}

type Unnamed = BuiltNetwork["attachments"][number];

/** Zones come first on a pod, then external networks, tunnels' own and other networks: as long as those stay, so do the names. */
function nameAttachments(ground: PlanContext, built: readonly BuiltNetwork[]): Attachment[] {
  const order = { zone: 0, external: 1, vpn: 2, network: 3 };
  const sorted = [...built].sort((a, b) => order[a.network.role] - order[b.network.role]);
  const byWorkload = new Map<Workload, { wish: PodInterfaceRequest; attachment: Unnamed }[]>();
  for (const { network, attachments } of sorted)
    for (const attachment of attachments) {
      const { takesOver } = network;
      const entry = { wish: { network: attachment.network, member: attachment.member, takesOver }, attachment };
      const list = byWorkload.get(attachment.workload);
      if (list) list.push(entry);
      else byWorkload.set(attachment.workload, [entry]);
    }
  const all: Attachment[] = [];
  for (const workload of ground.workloads.all) {
    const entries = byWorkload.get(workload);
    if (!entries) continue;
    const names = nameInterfaces(
      workload,
      entries.map((one) => one.wish),
      ground.findings,
    );
    for (const { wish, attachment } of entries) {
      const { member: _member, defaults: _defaults, ...rest } = attachment;
      all.push({ ...rest, interface: names.get(wish) as string });
    }
  }
  return all;
}
