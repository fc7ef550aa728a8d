import type { LabelSelector } from "../../ir/intent.ts";
import type { Attachment, Boundary, Network, Plan } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import { complements } from "../../kinds/shared/select.ts";
import type { Draft, Ground } from "./builder.ts";
import { type InterfaceWish, nameInterfaces } from "./interfaces.ts";
import { routeRules } from "./route-rules.ts";
import { type BuiltNetwork, buildNetwork, indexDraft } from "./variants.ts";

/** What kinds wrote, with networks split into variants and interfaces named. */
export function finishPlan(ground: Ground, draft: Draft): Plan {
  const index = indexDraft(draft);
  const built = [...ground.sites.values()].map((site) => buildNetwork(ground, index, site));
  checkDefaultRoutes(ground, built);
  return {
    cluster: ground.cluster,
    workloads: ground.workloads,
    labels: ground.labels,
    networks: built.map((one): Network => one.network),
    attachments: named(ground, built),
    boundaries: draft.boundaries.map((boundary) => withoutDns(boundary, draft)),
    admissions: draft.admissions,
    gateways: draft.gateways,
    crossings: draft.crossings,
    handoffs: draft.handoffs,
    kept: draft.kept,
    namespaces: draft.namespaces,
    audited: draft.boundaries.filter((one) => one.audit).map((one) => one.intent),
  };
}

/** Pods that ask a resolver behind a tunnel must not also ask the cluster's: names would leak. */
function withoutDns(boundary: Boundary, draft: Draft): Boundary {
  const without = draft.withoutDns.filter((one) => one.network === boundary.intent);
  if (without.length === 0) return boundary;
  const openings = boundary.openings.flatMap((opening) => {
    if (!opening.name.startsWith("dns")) return [opening];
    let kept: readonly LabelSelector[] = [opening.pods];
    for (const { pods } of without)
      kept = pods === undefined ? [] : kept.flatMap((one) => complements(pods).map((other) => both(one, other)));
    return kept.map((pods, index) => ({
      ...opening,
      pods,
      name: kept.length > 1 ? `${opening.name}-${index + 1}` : opening.name,
    }));
  });
  return { ...boundary, openings };
}

function both(a: LabelSelector, b: LabelSelector): LabelSelector {
  const matchExpressions = [...(a.matchExpressions ?? []), ...(b.matchExpressions ?? [])];
  return {
    ...((a.matchLabels ?? b.matchLabels) && { matchLabels: { ...a.matchLabels, ...b.matchLabels } }),
    matchExpressions,
  };
}

/** A member that asks for the network's default route must get one. */
function checkDefaultRoutes(ground: Ground, built: readonly BuiltNetwork[]): void {
  const { name: cluster, platform } = ground.cluster;
  for (const { attachments } of built)
    for (const { member, defaultRoute, network } of attachments) {
      if (!member.spec.defaultRoute) continue;
      const place = member.at("defaultRoute");
      if (!platform.podNetwork.eth0Routes)
        ground.findings.add([routeRules.diagnose("default-needs-routes", place, { cluster })]);
      if (defaultRoute.length === 0)
        ground.findings.add([routeRules.diagnose("no-gateway", member.at("defaultRoute"), { network, found: "none" })]);
    }
}

type Unnamed = BuiltNetwork["attachments"][number];

/** Zones come first on a pod, then external networks, tunnels' own and other networks: as long as those stay, so do the names. */
function named(ground: Ground, built: readonly BuiltNetwork[]): Attachment[] {
  const order = { zone: 0, external: 1, vpn: 2, network: 3 };
  const sorted = [...built].sort((a, b) => order[a.network.role] - order[b.network.role]);
  const byWorkload = new Map<Workload, { wish: InterfaceWish; attachment: Unnamed }[]>();
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
      const { member: _member, ...rest } = attachment;
      all.push({ ...rest, interface: names.get(wish) as string });
    }
  }
  return all;
}
