import type { Plan } from "../../../ir/plan.ts";
import type { UnsupportedFeature } from "../../target.ts";

/** Networks whose traffic policies must limit, where nothing enforces policies on their plugin. */
export function findUnsupportedLimits(plan: Plan): readonly UnsupportedFeature[] {
  const support = plan.cluster.platform.multiNetworkPolicy;
  const first = new Map([...plan.policyRules].reverse().map((one) => [one.network, one.origin]));
  return plan.networks.flatMap(({ intent, limits, link, origin }): readonly UnsupportedFeature[] => {
    if (limits !== "traffic" || support?.plugins.includes(link.attach)) return [];
    const place = first.get(intent) ?? origin;
    const why = `nothing in cluster \`${plan.cluster.name}\` enforces policies on ${link.attach}`;
    const help = `install a MultiNetworkPolicy controller and add ${link.attach} to \`platform.multiNetworkPolicy.plugins\``;
    return [{ feature: "traffic", intent, place, why, help }];
  });
}
