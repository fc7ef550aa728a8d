import type { Network, Plan } from "../../../ir/plan.ts";
import type { Lack } from "../../target.ts";

/** Networks whose traffic policies must limit, where nothing enforces policies on their plugin. */
export function limitLacks(plan: Plan): readonly Lack[] {
  const support = plan.cluster.platform.multiNetworkPolicy;
  return plan.networks.flatMap((network): readonly Lack[] => {
    const { intent, limits, link } = network;
    if (limits === "none" || support?.plugins.includes(link.attach)) return [];
    const nobody = `nothing in cluster \`${plan.cluster.name}\` enforces policies on ${link.attach}`;
    const help = `install a MultiNetworkPolicy controller and add ${link.attach} to \`platform.multiNetworkPolicy.plugins\``;
    if (limits === "border") {
      const { place, words } = meeting(network, plan);
      return [{ feature: "network-borders", intent, place, why: `${words} meet on it, and ${nobody}`, help }];
    }
    const place = plan.admissions.find((one) => one.network === intent)?.origin ?? network.origin;
    return [{ feature: "traffic", intent, place, why: nobody, help }];
  });
}

/** Two that are on different sides of a zone's border, at the member that comes second. */
function meeting({ intent, origin }: Network, plan: Plan) {
  const zones = new Map(plan.boundaries.flatMap((one) => one.namespaces.map((name) => [name, one.name] as const)));
  const sides = new Map<string, Lack["place"]>();
  for (const { network, workload, origin: place } of plan.attachments) {
    if (network !== intent) continue;
    const zone = zones.get(workload.namespace);
    const side = zone === undefined ? `namespace \`${workload.namespace}\`, in no zone,` : `zone \`${zone}\``;
    if (!sides.has(side)) sides.set(side, place);
  }
  // All in one zone: then it is the hosts that are beyond its border.
  const zone = [...sides].find(([side]) => side.startsWith("zone"));
  const other = [...sides].find(([side]) => side !== zone?.[0]);
  const words = `${zone?.[0] ?? "a zone"} and ${other?.[0] ?? "hosts of the network"}`;
  return { place: other?.[1] ?? zone?.[1] ?? origin, words };
}
