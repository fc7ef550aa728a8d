import type { Attachment, Network, Plan } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import type { Draft, Ground } from "./builder.ts";
import { type InterfaceWish, nameInterfaces } from "./interfaces.ts";
import { type BuiltNetwork, buildNetwork, indexDraft } from "./variants.ts";

/** What kinds wrote, with networks split into variants and interfaces named. */
export function finishPlan(ground: Ground, draft: Draft): Plan {
  const index = indexDraft(draft);
  const built = [...ground.sites.values()].map((site) => buildNetwork(ground, index, site));
  return {
    cluster: ground.cluster,
    networks: built.map((one): Network => one.network),
    attachments: named(ground, built),
    boundaries: draft.boundaries,
    admissions: draft.admissions,
    gateways: draft.gateways,
    crossings: draft.crossings,
    handoffs: draft.handoffs,
    namespaces: draft.namespaces,
    audited: draft.boundaries.filter((one) => one.audit).map((one) => one.intent),
  };
}

type Unnamed = BuiltNetwork["attachments"][number];

/** Zones come first on a pod, then external networks, then tunnels' own: as long as those stay, so do the names. */
function named(ground: Ground, built: readonly BuiltNetwork[]): Attachment[] {
  const order = { zone: 0, external: 1, vpn: 2 };
  const sorted = [...built].sort((a, b) => order[a.network.role] - order[b.network.role]);
  const byWorkload = new Map<Workload, { wish: InterfaceWish; attachment: Unnamed }[]>();
  for (const { attachments } of sorted)
    for (const attachment of attachments) {
      const entry = { wish: { network: attachment.network, member: attachment.member }, attachment };
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
