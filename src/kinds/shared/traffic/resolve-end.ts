import { formatSuggestion } from "../../../diagnostics/suggest.ts";
import type { Instance, LabelSelector } from "../../../ir/intent.ts";
import type { AllowedFlowEnd } from "../../../ir/plan.ts";
import { type Cidr, cidrsOverlap, containsCidr, formatCidr, parseKnownCidr } from "../../../net/cidr.ts";
import { mergeRanges, splitIntoCidrs } from "../../../net/range.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { everyPod, type PlanBuilder, type Segment } from "../../plan-builder.ts";
import { type Member, reportUnknownWorkload } from "../members.ts";
import { listCidrsBehindGateway, parseHostCidrs } from "../outside.ts";
import { buildSelector } from "../select.ts";
import type { PlacedParty } from "./check-traffic.ts";
import { trafficRules } from "./rules.ts";
import type { TrafficSpec } from "./types.ts";

/** A party of an entry with its addresses, and the pods whose policies must allow it. */
export interface TrafficEnd {
  readonly end: AllowedFlowEnd;
  /** Which pods of the end's namespaces; undefined where it is no pod. */
  readonly pods: LabelSelector | undefined;
}

/** Undefined when the party has errors, which are reported. */
export function resolveTrafficEnd(
  { party, place, at }: PlacedParty,
  instance: Instance<TrafficSpec>,
  site: Segment,
  plan: PlanBuilder,
): TrafficEnd | undefined {
  const { spec, intent } = instance;
  const device = (cidrs: readonly Cidr[]): TrafficEnd => ({
    end: { party: intent.id, cidrs, namespaces: [], workload: undefined },
    pods: undefined,
  });
  if (party.host !== undefined) {
    const host = (spec.hosts ?? []).find((one) => one.name === party.host);
    return host && device(parseHostCidrs(host));
  }
  if (party.cidr !== undefined) {
    const wanted = parseKnownCidr(party.cidr);
    return isOutside(wanted, at, instance, site, plan) ? device([wanted]) : undefined;
  }
  const members = plan.members(intent.id);
  if (!party.workload) {
    const namespaces = [...new Set(members.map((one) => one.workload.namespace))].sort();
    const cidrs = listMemberAddresses(members, intent.id, plan);
    return { end: { party: intent.id, cidrs, namespaces, workload: undefined }, pods: everyPod };
  }
  const member = memberNamed(party.workload, { party, place, at }, intent.id, members, plan);
  if (!member) return undefined;
  const { namespace, kind, name, labels } = member.workload;
  const cidrs = listMemberAddresses([member], intent.id, plan);
  const workload = { namespace, kind, name };
  return { end: { party: intent.id, cidrs, namespaces: [namespace], workload }, pods: buildSelector(labels) };
}

/** Addresses that members have for themselves, in every cluster on the network. */
export function listMemberAddresses(members: readonly Member[], network: string, plan: PlanBuilder): readonly Cidr[] {
  return mergeRanges(members.flatMap((member) => plan.ownAddresses(network, member))).flatMap(splitIntoCidrs);
}

function memberNamed(
  ref: NonNullable<PlacedParty["party"]["workload"]>,
  { at }: PlacedParty,
  network: string,
  members: readonly Member[],
  plan: PlanBuilder,
): Member | undefined {
  const { namespace, kind, name } = ref;
  const first = plan.workloads.inNamespace(namespace).find((one) => one.name === name && one.kind === kind);
  if (!first) {
    plan.report(reportUnknownWorkload(ref, at("workload", "name"), plan.workloads));
    return undefined;
  }
  const member = members.find((one) => one.workload === first);
  if (member) return member;
  const entry = `{workload: {namespace: ${namespace}, kind: ${first.kind}, name: ${name}}}`;
  const help =
    formatSuggestion(
      name,
      members.filter((one) => one.workload.namespace === namespace).map((one) => one.workload.name),
    ) ?? `add \`${entry}\` to its \`members\``;
  plan.report(
    trafficRules.diagnose("not-a-member", at("workload"), { ref: formatDisplayName(first), network }, { help }),
  );
  return undefined;
}

/** Whether a range is on the network or behind it, and no member's. */
function isOutside(
  wanted: Cidr,
  at: PlacedParty["at"],
  { spec, intent }: Instance<TrafficSpec>,
  site: Segment,
  plan: PlanBuilder,
): boolean {
  const network = intent.id;
  if (![...site.subnets, ...listCidrsBehindGateway(spec, "from there")].some((one) => containsCidr(one, wanted))) {
    plan.report(trafficRules.diagnose("not-on-network", at("cidr"), { cidr: formatCidr(wanted), network }));
    return false;
  }
  const inside = plan
    .members(network)
    .find((member) => listMemberAddresses([member], network, plan).some((one) => cidrsOverlap(one, wanted)));
  if (!inside) return true;
  const related = [{ place: inside.place, label: "that member" }];
  const parameters = { cidr: formatCidr(wanted), ref: formatDisplayName(inside.workload) };
  plan.report(trafficRules.diagnose("holds-members", at("cidr"), parameters, { related }));
  return false;
}
