import type { Instance } from "../../ir/intent.ts";
import { type Cidr, hostCidr } from "../../net/cidr.ts";
import type { NodePlace } from "../../source/place.ts";
import { everyPod, type PlanBuilder, type Site } from "../plan-builder.ts";
import { linkHandoffs } from "../shared/link-handoffs.ts";
import { behindGateway, cidrsOfHost, gatewaysOf, routesOutside } from "../shared/outside.ts";
import { zoneOf } from "../shared/zone-index.ts";
import { namedAt } from "./named-at.ts";
import { externalRules } from "./rules.ts";
import type { ExternalNetworkSpec } from "./types.ts";

/** An external network in the plan: routes behind its gateway, and whom its members may reach. */
export function contribute(instance: Instance<ExternalNetworkSpec>, plan: PlanBuilder): void {
  const { config, objects = [] } = instance.spec.network.existing ?? {};
  if (config) {
    for (const place of namedAt(instance.intent.name, plan))
      plan.report(externalRules.diagnose("kept-as-it-stands", place, { name: instance.intent.name }));
    plan.keep({ intent: instance.intent.id, origin: instance.at("network"), objects, config });
    return;
  }
  const site = plan.site(instance.intent.id);
  if (!site) return;
  const owned = { intent: instance.intent.id, origin: instance.at("network") };
  routesOutside(instance, plan);
  zonesMeet(instance, site, plan);
  if (plan.members(instance.intent.id).length > 0) members(instance, site, plan);
  // The links of what was there before are there too.
  if (instance.spec.network.existing) return;
  for (const handoff of linkHandoffs(site, owned, plan.cluster.platform.nmstate)) plan.handoff(handoff);
}

/** Whom a member may reach: hosts and gateway, what lies behind it, and the other members only when told so. */
function reachable({ spec }: Instance<ExternalNetworkSpec>, site: Site, behind: readonly Cidr[]): readonly Cidr[] {
  if (!site.wish.membersApart) return [...site.subnets, ...behind];
  return [...gatewaysOf(spec).map(hostCidr), ...(spec.hosts ?? []).flatMap(cidrsOfHost), ...behind];
}

function members(instance: Instance<ExternalNetworkSpec>, site: Site, plan: PlanBuilder): void {
  const { intent } = instance;
  const owned = { intent: intent.id, origin: instance.at("members") };
  const namespaces = [...new Set(plan.members(intent.id).map((member) => member.workload.namespace))].sort();
  const cidrs = reachable(instance, site, behindGateway(instance.spec, "from there"));
  const name = site.wish.membersApart ? "hosts" : "network";
  for (const direction of ["ingress", "egress"] as const)
    plan.admit({ ...owned, network: intent.id, name, direction, namespaces, pods: everyPod, cidrs, services: [] });
  const pods = { party: intent.id, cidrs: site.subnets, namespaces, workload: undefined };
  const there = { party: intent.id, cidrs, namespaces: [], workload: undefined };
  const sought = { ...there, cidrs: reachable(instance, site, behindGateway(instance.spec, "by members")) };
  plan.cross({ ...owned, from: pods, to: sought, services: [], through: [] });
  plan.cross({ ...owned, from: there, to: pods, services: [], through: [] });
}

function zonesMeet(instance: Instance<ExternalNetworkSpec>, site: Site, plan: PlanBuilder): void {
  const { intent } = instance;
  const seen = new Map<string, NodePlace>();
  for (const member of plan.members(intent.id)) {
    const zone = zoneOf(plan, member.workload.namespace);
    if (zone && !seen.has(zone.intent.name)) seen.set(zone.intent.name, member.place);
  }
  const [first, second] = [...seen];
  if (!first || !second) return;
  const related = [{ place: first[1], label: `of zone ${first[0]}` }];
  if (!site.wish.membersApart) {
    plan.report(
      externalRules.diagnose("zones-meet", second[1], { a: first[0], b: second[0], name: intent.name }, { related }),
    );
    return;
  }
  const { attach } = site.link;
  if (plan.cluster.platform.multiNetworkPolicy?.plugins.includes(attach)) return;
  const parameters = { name: intent.name, attach, cluster: plan.cluster.name };
  plan.report(externalRules.diagnose("hosts-only-not-enforced", second[1], parameters, { related }));
}
