import type { Attachment, Boundary, Network, Plan } from "../../ir/plan.ts";
import { formatCidr } from "../../net/cidr.ts";
import { wordsFor } from "../../workloads/words-for.ts";
import type { Lack } from "../target.ts";
import { beyondLegs } from "./beyond-legs.ts";
import { managesAddresses } from "./cluster-network.ts";

/** What of a plan is beyond what is had in part: on main networks, and where OVN gives out addresses itself. */
export function lacks(plan: Plan): readonly Lack[] {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  return [
    ...plan.boundaries.flatMap((boundary) => beyondBorder(boundary, networks.get(boundary.intent))),
    ...plan.attachments.flatMap((one) => beyondNetwork(one, networks.get(one.network))),
    ...beyondDefaultRoutes(plan),
    ...beyondLegs(plan, networks),
  ];
}

/** Members that need a way to somewhere, and have no default route by the same gateway. */
function beyondDefaultRoutes(plan: Plan): readonly Lack[] {
  const members = new Map<string, Attachment[]>();
  for (const one of plan.attachments) {
    const key = `${one.network} ${one.variantNamespace}/${one.variant}`;
    const list = members.get(key);
    if (list) list.push(one);
    else members.set(key, [one]);
  }
  return plan.networks.flatMap(({ intent, variants }) =>
    variants
      .filter((variant) => !variant.forwards)
      .flatMap(({ name, namespaces, routes }) =>
        routes.flatMap(({ to, via, intent: gateway, origin }) => {
          const on = namespaces.flatMap((namespace) => members.get(`${intent} ${namespace}/${name}`) ?? []);
          const without = on.find(
            (one) => !one.defaultRoute.some((hop) => hop.family === via.family && hop.value === via.value),
          );
          if (!without) return [];
          const why = `${wordsFor(without.workload)} needs a route to ${formatCidr(to)} by ${gateway}: attachments carry a default route and no others, which \`defaultRoute: true\` of a member is`;
          return [{ feature: "routes", intent, place: origin, why } as const];
        }),
      )
      .slice(0, 1),
  );
}

/** On a main network nobody of the default network is there, and it reaches nobody. */
function beyondBorder({ intent, namespaces, openings }: Boundary, network: Network | undefined): readonly Lack[] {
  if (network?.link.separation !== "overlay") return [];
  const own = new Set(namespaces);
  return openings
    .filter(
      ({ peer, standing }) => !standing && peer.type === "namespaces" && peer.names.some((name) => !own.has(name)),
    )
    .map(({ origin }) => ({ feature: "openings", intent, place: origin }));
}

function beyondNetwork(one: Attachment, network: Network | undefined): readonly Lack[] {
  const { intent, origin: place, addresses, mac, workload } = one;
  if (!network) return [];
  const overlay = network.link.separation === "overlay";
  const lacking: Lack[] = [];
  if (addresses.length > 0 && (overlay || managesAddresses(network)))
    lacking.push({ feature: "fixed-addresses", intent, place });
  if (overlay && mac !== undefined) lacking.push({ feature: "mac-addresses", intent, place });
  if (overlay && workload.kind === "VirtualMachine") lacking.push({ feature: "virtual-machines", intent, place });
  return lacking;
}
