import type { Instance } from "../../../ir/intent.ts";
import type { PlanBuilder, Segment } from "../../plan-builder.ts";
import type { ZoneMembers } from "./members-by-zone.ts";
import { trafficRules } from "./rules.ts";

/** Members on both sides of a zone's border, where nothing enforces the policies that must keep them apart. */
export function checkZoneBorder(
  instance: Instance,
  site: Segment,
  sides: readonly ZoneMembers[],
  plan: PlanBuilder,
): void {
  const { attach } = site.link;
  if (plan.cluster.platform.multiNetworkPolicy?.plugins.includes(attach)) return;
  const [a, b] = sides;
  if (!a || !b) return;
  const [first, second] = [a.members[0]?.place, b.members[0]?.place];
  const place = second ?? first ?? instance.at("members");
  const related = first && second ? [{ place: first, label: "the other side" }] : [];
  const parameters = {
    a: wordsOf(a),
    b: wordsOf(b),
    network: instance.intent.name,
    attach,
    cluster: plan.cluster.name,
  };
  plan.report(trafficRules.diagnose("zones-meet", place, parameters, { related }));
}

function wordsOf({ zone, members }: ZoneMembers): string {
  if (zone) return `zone \`${zone.intent.name}\``;
  const namespace = members[0]?.workload.namespace;
  return namespace === undefined ? "hosts in no zone" : `namespace \`${namespace}\`, which is in no zone,`;
}
