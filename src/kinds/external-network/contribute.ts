import type { Instance } from "../../ir/intent.ts";
import { type Cidr, toHostCidr } from "../../net/cidr.ts";
import type { NodePlace } from "../../source/place.ts";
import { everyPod, type PlanBuilder, type Segment } from "../plan-builder.ts";
import { checkNodeAddresses } from "../shared/internet.ts";
import { listLinkHandoffs } from "../shared/link-handoffs.ts";
import { addOutsideRoutes, listCidrsBehindGateway, parseGateways, parseHostCidrs } from "../shared/outside.ts";
import { findZone } from "../shared/zone-index.ts";
import { findReferencePlaces } from "./reference-places.ts";
import { externalRules } from "./rules.ts";
import type { ExternalNetworkSpec } from "./types.ts";

/** An external network in the plan: routes behind its gateway, and whom its members may reach. */
export function contributeExternalNetwork(instance: Instance<ExternalNetworkSpec>, plan: PlanBuilder): void {
  const { config, objects = [] } = instance.spec.network.existing ?? {};
  if (config) {
    for (const place of findReferencePlaces(instance.intent.name, plan))
      plan.report(externalRules.diagnose("kept-as-it-stands", place, { name: instance.intent.name }));
    plan.addVerbatimNetwork({ intent: instance.intent.id, origin: instance.at("network"), objects, config });
    return;
  }
  const site = plan.findSegment(instance.intent.id);
  if (!site) return;
  const owned = { intent: instance.intent.id, origin: instance.at("network") };
  addOutsideRoutes(instance, plan);
  zonesMeet(instance, site, plan);
  if (plan.members(instance.intent.id).length > 0) members(instance, site, plan);
  // The links of what was there before are there too.
  if (instance.spec.network.existing) return;
  for (const handoff of listLinkHandoffs(site, owned, plan.cluster.platform.nmstate)) plan.addHandoff(handoff);
}

/** Whom a member may reach: hosts and gateway, what lies behind it, and the other members only when told so. */
function reachable({ spec }: Instance<ExternalNetworkSpec>, site: Segment, behind: readonly Cidr[]): readonly Cidr[] {
  if (!site.request.membersApart) return [...site.subnets, ...behind];
  return [...parseGateways(spec).map(toHostCidr), ...(spec.hosts ?? []).flatMap(parseHostCidrs), ...behind];
}

function members(instance: Instance<ExternalNetworkSpec>, site: Segment, plan: PlanBuilder): void {
  const { intent } = instance;
  const owned = { intent: intent.id, origin: instance.at("members") };
  const namespaces = [...new Set(plan.members(intent.id).map((member) => member.workload.namespace))].sort();
  const cidrs = reachable(instance, site, listCidrsBehindGateway(instance.spec, "from there"));
  const name = site.request.membersApart ? "hosts" : "network";
  for (const direction of ["ingress", "egress"] as const)
    plan.addPolicyRule({
      ...owned,
      network: intent.id,
      name,
      direction,
      namespaces,
      pods: everyPod,
      cidrs,
      services: [],
    });
  if (instance.spec.internet) toInternet(instance, site, namespaces, plan);
  const pods = { party: intent.id, cidrs: site.subnets, namespaces, workload: undefined };
  const there = { party: intent.id, cidrs, namespaces: [], workload: undefined };
  const sought = { ...there, cidrs: reachable(instance, site, listCidrsBehindGateway(instance.spec, "by members")) };
  plan.allowFlow({ ...owned, from: pods, to: sought, services: [], through: [] });
  plan.allowFlow({ ...owned, from: there, to: pods, services: [], through: [] });
}

/** Members connect to the internet by the gateway. Nobody there connects to them: that takes a policy. */
function toInternet(
  instance: Instance<ExternalNetworkSpec>,
  site: Segment,
  namespaces: readonly string[],
  plan: PlanBuilder,
): void {
  const { intent, spec } = instance;
  const place = instance.at("internet");
  const families = new Set(parseGateways(spec).map((one) => one.family));
  const missing = checkNodeAddresses(plan.cluster, families, place);
  if (missing) plan.report(missing);
  const { attach } = site.link;
  if (!plan.cluster.platform.multiNetworkPolicy?.plugins.includes(attach)) {
    const parameters = { name: intent.name, attach, cluster: plan.cluster.name };
    plan.report(externalRules.diagnose("open-to-internet", place, parameters));
  }
  const cidrs = plan.internet().filter((one) => families.has(one.family));
  const owned = { intent: intent.id, origin: place };
  plan.addPolicyRule({
    ...owned,
    network: intent.id,
    name: "internet",
    direction: "egress",
    namespaces,
    pods: everyPod,
    cidrs,
    services: [],
  });
  const pods = { party: intent.id, cidrs: site.subnets, namespaces, workload: undefined };
  const there = { party: intent.id, cidrs, namespaces: [], workload: undefined };
  plan.allowFlow({ ...owned, from: pods, to: there, services: [], through: [] });
}

function zonesMeet(instance: Instance<ExternalNetworkSpec>, site: Segment, plan: PlanBuilder): void {
  const { intent } = instance;
  const seen = new Map<string, NodePlace>();
  for (const member of plan.members(intent.id)) {
    const zone = findZone(plan, member.workload.namespace);
    if (zone && !seen.has(zone.intent.name)) seen.set(zone.intent.name, member.place);
  }
  const [first, second] = [...seen];
  if (!first || !second) return;
  const related = [{ place: first[1], label: `of zone ${first[0]}` }];
  if (!site.request.membersApart) {
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
