import type { Instance } from "../../ir/intent.ts";
import type { Opening } from "../../ir/plan.ts";
import { everyPod, type PlanBuilder, type Site } from "../plan-builder.ts";
import { linkHandoffs } from "../shared/link-handoffs.ts";
import { exceptionsOf, sharedAccounts } from "./exceptions.ts";
import { isMisspelt } from "./misspelt-namespaces.ts";
import { movedAway } from "./moved-away.ts";
import { namedFromOutside } from "./named-from-outside.ts";
import { openingsOf } from "./openings.ts";
import { refusedPods, unreadPods } from "./refused-pods.ts";
import { zoneRules } from "./rules.ts";
import type { IsolationZoneSpec } from "./types.ts";

/** A zone in the plan: its boundary on the default network, and who is admitted on its own. */
export function contribute(instance: Instance<IsolationZoneSpec>, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const owned = { intent: intent.id, origin: instance.at("namespaces") };
  const openings = [...standing(instance, plan), ...openingsOf(instance, plan)];
  const exceptions = exceptionsOf(instance, plan);
  plan.boundary({
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
    plan.namespace({ ...owned, name, role: "zone", manage: spec.manageNamespaces ?? false });
  const site = plan.site(intent.id);
  // Listed members that match nothing are reported at their own line.
  if (site && spec.members === undefined && plan.members(intent.id).length === 0 && !isToldAlready(instance, plan))
    plan.report(zoneRules.diagnose("no-members", instance.at("namespaces"), { name: intent.name }));
  if (spec.enforcement === "audit")
    plan.report(zoneRules.diagnose("audit", instance.at("enforcement"), { name: intent.name }));
  if (site) for (const one of unreadPods(instance, plan)) plan.report(one);
  for (const one of sharedAccounts(exceptions, plan)) plan.report(one);
  if (spec.enforcement !== "audit")
    for (const one of [...refusedPods(instance, exceptions, plan), ...namedFromOutside(instance, plan)])
      plan.report(one);
  if (site) amongThemselves(instance, site, plan);
}

/** An error says already why the zone has no workloads. */
function isToldAlready(instance: Instance<IsolationZoneSpec>, plan: PlanBuilder): boolean {
  return isMisspelt(instance, plan) || movedAway(instance, plan).length > 0;
}

/** What is open unless the intent says otherwise: the resolver, and pods of the same zone. */
function standing(instance: Instance<IsolationZoneSpec>, plan: PlanBuilder): Opening[] {
  const { spec } = instance;
  const { dns } = plan.cluster.platform;
  const openings: Opening[] = [];
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

function amongThemselves(instance: Instance<IsolationZoneSpec>, site: Site, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const owned = { intent: intent.id, origin: instance.at("namespaces") };
  const end = { party: intent.id, cidrs: site.subnets, namespaces: spec.namespaces, workload: undefined };
  for (const direction of ["ingress", "egress"] as const)
    plan.admit({
      ...owned,
      network: intent.id,
      name: "same-zone",
      direction,
      namespaces: spec.namespaces,
      pods: everyPod,
      cidrs: site.subnets,
      services: [],
    });
  plan.cross({ ...owned, from: end, to: end, services: [], through: [] });
  if (spec.network.existing) return;
  for (const handoff of linkHandoffs(site, owned, plan.cluster.platform.nmstate)) plan.handoff(handoff);
}
