import type { Instance } from "../../ir/intent.ts";
import type { ZoneOpening } from "../../ir/plan.ts";
import { everyPod, type PlanBuilder, type Segment } from "../plan-builder.ts";
import { listLinkHandoffs } from "../shared/link-handoffs.ts";
import { checkSharedAccounts, resolveExceptions } from "./exceptions.ts";
import { hasMisspelledNamespaces } from "./misspelled-namespaces.ts";
import { checkMovedNamespaces } from "./moved-away.ts";
import { resolveOpenings } from "./openings.ts";
import { checkOutsideReferences } from "./outside-references.ts";
import { checkRejectedPods, checkUnnamedPods } from "./rejected-pods.ts";
import { zoneRules } from "./rules.ts";
import type { IsolationZoneSpec } from "./types.ts";

/** A zone in the plan: its boundary on the default network, and who is admitted on its own. */
export function contributeZone(instance: Instance<IsolationZoneSpec>, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const owned = { intent: intent.id, origin: instance.at("namespaces") };
  const openings = [...listStandingOpenings(instance, plan), ...resolveOpenings(instance, plan)];
  const exceptions = resolveExceptions(instance, plan);
  plan.addZone({
    ...owned,
    name: intent.name,
    target: spec.target ?? plan.cluster.target,
    namespaces: [...new Set(spec.namespaces)].sort(),
    manageNamespaces: spec.manageNamespaces ?? false,
    openings,
    priority: plan.priority(intent.id) ?? 0,
    audit: spec.enforcement === "audit",
    exceptions,
  });
  for (const name of new Set(spec.namespaces))
    plan.addNamespace({ ...owned, name, role: "zone", manage: spec.manageNamespaces ?? false });
  const site = plan.findSegment(intent.id);
  // Listed members that match nothing are reported at their own line.
  if (site && spec.members === undefined && plan.members(intent.id).length === 0 && !isToldAlready(instance, plan))
    plan.report(zoneRules.diagnose("no-members", instance.at("namespaces"), { name: intent.name }));
  if (spec.enforcement === "audit")
    plan.report(zoneRules.diagnose("audit", instance.at("enforcement"), { name: intent.name }));
  if (site) for (const one of checkUnnamedPods(instance, plan)) plan.report(one);
  for (const one of checkSharedAccounts(exceptions, plan)) plan.report(one);
  if (spec.enforcement !== "audit")
    for (const one of [...checkRejectedPods(instance, exceptions, plan), ...checkOutsideReferences(instance, plan)])
      plan.report(one);
  if (site) allowWithinZone(instance, site, plan);
}

/** An error says already why the zone has no workloads. */
function isToldAlready(instance: Instance<IsolationZoneSpec>, plan: PlanBuilder): boolean {
  return hasMisspelledNamespaces(instance, plan) || checkMovedNamespaces(instance, plan).length > 0;
}

/** What is open unless the intent says otherwise: the resolver, and pods of the same zone. */
function listStandingOpenings(instance: Instance<IsolationZoneSpec>, plan: PlanBuilder): ZoneOpening[] {
  const { spec } = instance;
  const { dns } = plan.cluster.platform;
  const openings: ZoneOpening[] = [];
  const services = dns.ports.flatMap((port) =>
    (["udp", "tcp"] as const).map((protocol) => ({ protocol, first: port, last: port })),
  );
  if (spec.podNetwork?.dns ?? true) {
    const origin = instance.at("podNetwork", "dns");
    const base = { origin, standing: true, direction: "egress" as const, pods: everyPod, services };
    const pods = { matchLabels: dns.podLabels };
    openings.push({ ...base, name: "dns", peer: { type: "namespaces", names: [dns.namespace], pods } });
    if (dns.cidrs.length > 0) openings.push({ ...base, name: "dns-cache", peer: { type: "cidrs", cidrs: dns.cidrs } });
  }
  if (spec.podNetwork?.sameZone ?? true) {
    const names = [...new Set(spec.namespaces)].sort();
    const origin = instance.at("podNetwork", "sameZone");
    const base = { origin, standing: true, name: "same-zone", pods: everyPod, services: [] };
    const peer = { type: "namespaces" as const, names, pods: undefined };
    openings.push({ ...base, direction: "ingress", peer }, { ...base, direction: "egress", peer });
  }
  return openings;
}

function allowWithinZone(instance: Instance<IsolationZoneSpec>, site: Segment, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const owned = { intent: intent.id, origin: instance.at("namespaces") };
  const end = { party: intent.id, cidrs: site.subnets, namespaces: spec.namespaces, workload: undefined };
  for (const direction of ["ingress", "egress"] as const)
    plan.addPolicyRule({
      ...owned,
      network: intent.id,
      name: "same-zone",
      direction,
      namespaces: spec.namespaces,
      pods: everyPod,
      cidrs: site.subnets,
      services: [],
    });
  plan.allowFlow({ ...owned, from: end, to: end, services: [], through: [] });
  if (spec.network.existing) return;
  for (const handoff of listLinkHandoffs(site, owned, plan.cluster.platform.nmstate)) plan.addHandoff(handoff);
}
