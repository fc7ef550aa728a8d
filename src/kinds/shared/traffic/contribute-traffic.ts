import type { Instance } from "../../../ir/intent.ts";
import type { Ownership } from "../../../ir/plan.ts";
import { type Cidr, toHostCidr } from "../../../net/cidr.ts";
import { parseService, type Service } from "../../../net/service.ts";
import { everyPod, type PlanBuilder, type Segment } from "../../plan-builder.ts";
import { toPolicyServices } from "../gateway/policy-services.ts";
import { listCidrsBehindGateway, parseGateways, parseHostCidrs } from "../outside.ts";
import { checkZoneBorder } from "./check-border.ts";
import { listDirections } from "./check-traffic.ts";
import { computeTrafficLimits, groupByZone, type ZoneMembers } from "./members-by-zone.ts";
import { listMemberAddresses, resolveTrafficEnd, type TrafficEnd } from "./resolve-end.ts";
import { trafficRules } from "./rules.ts";
import type { TrafficSpec } from "./types.ts";

/** Who may connect to whom on a network: what its entries name, or all members, each on its side of the borders of zones. */
export function contributeTraffic(instance: Instance<TrafficSpec>, site: Segment, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const members = plan.members(intent.id);
  if (members.length === 0) return;
  const sides = groupByZone(spec, members, plan);
  const limits = computeTrafficLimits(spec, sides);
  if (limits === "border") checkZoneBorder(instance, site, sides, plan);
  if (limits !== "none") icmp6Passes(instance, site, plan, limits);
  if (spec.traffic) {
    allowEntries(instance, site, plan);
    return;
  }
  const limited = limits !== "none";
  for (const side of sides) if (side.members.length > 0) amongThemselves(instance, site, plan, side, limited);
}

/** Members of one zone, or those of none with the hosts: all of them connect to each other. */
function amongThemselves(
  instance: Instance<TrafficSpec>,
  site: Segment,
  plan: PlanBuilder,
  { members, hasDevices }: ZoneMembers,
  limited: boolean,
): void {
  const { spec, intent } = instance;
  const owned = { intent: intent.id, origin: instance.at("members") };
  const namespaces = [...new Set(members.map((one) => one.workload.namespace))].sort();
  const end = (cidrs: readonly Cidr[]) => ({ party: intent.id, cidrs, namespaces, workload: undefined });
  const near = limited
    ? [...listMemberAddresses(members, intent.id, plan), ...(hasDevices ? addressesOutside(spec) : [])]
    : site.subnets;
  const behind = (begun: Parameters<typeof listCidrsBehindGateway>[1]) =>
    hasDevices ? listCidrsBehindGateway(spec, begun) : [];
  const there = [...near, ...behind("from there")];
  const sought = [...near, ...behind("by members")];
  plan.allowFlow({ ...owned, from: end(near), to: end(sought), services: [], through: [] });
  if (there.length > near.length)
    plan.allowFlow({ ...owned, from: end(there), to: end(near), services: [], through: [] });
  if (!limited) return;
  for (const direction of ["ingress", "egress"] as const)
    plan.addPolicyRule({
      ...owned,
      network: intent.id,
      name: "members",
      direction,
      namespaces,
      pods: everyPod,
      cidrs: there,
      services: [],
    });
}

/** Controllers let all ICMPv6 pass, since no link works without neighbor discovery; whoever is there can ping the others. */
function icmp6Passes(
  instance: Instance<TrafficSpec>,
  site: Segment,
  plan: PlanBuilder,
  limits: "traffic" | "border",
): void {
  const { intent } = instance;
  const six = site.subnets.filter((one) => one.family === 6);
  if (six.length === 0) return;
  const place = instance.at("network", "subnets");
  if (limits === "border") {
    plan.report(trafficRules.diagnose("icmp6-crosses", place, { network: intent.name }));
    return;
  }
  plan.report(trafficRules.diagnose("icmp6-passes", place, { network: intent.name }));
  const namespaces = [...new Set(plan.members(intent.id).map((one) => one.workload.namespace))].sort();
  const end = { party: intent.id, cidrs: six, namespaces, workload: undefined };
  const services = [parseService("icmp") as Service];
  plan.allowFlow({ intent: intent.id, origin: instance.at("network"), from: end, to: end, services, through: [] });
}

function addressesOutside(spec: TrafficSpec): readonly Cidr[] {
  return [...parseGateways(spec).map(toHostCidr), ...(spec.hosts ?? []).flatMap(parseHostCidrs)];
}

function allowEntries(instance: Instance<TrafficSpec>, site: Segment, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const resolved = new Map<string, TrafficEnd | undefined>();
  for (const [index, entry] of (spec.traffic ?? []).entries()) {
    const services = (entry.ports ?? []).map((text) => parseService(text) as Service);
    const owned = { intent: intent.id, origin: instance.at("traffic", index) };
    const place = (nth: number) => instance.at("traffic", index, "ports", nth);
    const allowed = toPolicyServices(services, place, "these parties", plan);
    for (const [a, b] of listDirections(instance, entry, index)) {
      const [from, to] = [a, b].map((one) => {
        // Each party is resolved once, so that its error is reported once.
        const key = JSON.stringify(one.party);
        if (!resolved.has(key)) resolved.set(key, resolveTrafficEnd(one, instance, site, plan));
        return resolved.get(key);
      });
      if (!from || !to) continue;
      plan.allowFlow({ ...owned, from: from.end, to: to.end, services, through: [] });
      admit(owned, `traffic-${index + 1}`, "egress", from, to, allowed, plan);
      admit(owned, `traffic-${index + 1}`, "ingress", to, from, allowed, plan);
    }
  }
}

function admit(
  owned: Ownership,
  name: string,
  direction: "ingress" | "egress",
  own: TrafficEnd,
  peer: TrafficEnd,
  services: readonly Service[],
  plan: PlanBuilder,
): void {
  if (!own.pods) return;
  const { namespaces } = own.end;
  const { cidrs } = peer.end;
  plan.addPolicyRule({ ...owned, network: owned.intent, name, direction, namespaces, pods: own.pods, cidrs, services });
}
