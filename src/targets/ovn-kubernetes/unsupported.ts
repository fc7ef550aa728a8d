import type { Attachment, DefaultDenyZone, Gateway, Network, NetworkRoute, Plan, Variant } from "../../ir/plan.ts";
import type { Address } from "../../net/address.ts";
import { formatCidr } from "../../net/cidr.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { UnsupportedFeature } from "../target.ts";
import { managesAddresses, OVN_KUBERNETES } from "./cluster-network.ts";
import { findUnsupportedInterfaces } from "./unsupported-interfaces.ts";

/** What of a plan is beyond what is had in part: on main networks, and where OVN gives out addresses itself. */
export function findUnsupported(plan: Plan): readonly UnsupportedFeature[] {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  return [
    ...plan.zones.flatMap((boundary) => findUnsupportedBorder(boundary, networks.get(boundary.intent))),
    ...plan.attachments.flatMap((one) => findUnsupportedNetwork(one, networks.get(one.network))),
    ...findUnsupportedDefaultRoutes(plan),
    ...findUnsupportedInterfaces(plan, networks),
  ];
}

/** Members that need a way to somewhere, and have no default route by the same gateway: the first of each network. */
function findUnsupportedDefaultRoutes({ networks, attachments, gateways }: Plan): readonly UnsupportedFeature[] {
  const ownGateways = new Map(gateways.filter((one) => one.target === OVN_KUBERNETES).map((one) => [one.intent, one]));
  const own = networks.filter((one) => one.target === OVN_KUBERNETES && one.variants.some(sends));
  if (own.length === 0) return [];
  const members = new Map<string, Attachment[]>();
  for (const one of attachments) {
    const key = `${one.network} ${one.variant}`;
    const list = members.get(key);
    if (list) list.push(one);
    else members.set(key, [one]);
  }
  return own.flatMap((network) => {
    for (const { name, routes } of network.variants.filter(sends))
      for (const route of routes) {
        const lost = members
          .get(`${network.intent} ${name}`)
          ?.find((one) => !one.guest && !hasDefaultBy(one, route.via));
        if (lost) return [withoutRoute(network, lost, route, ownGateways.get(route.intent))];
      }
    return [];
  });
}

function sends({ forwards, routes }: Variant): boolean {
  return !forwards && routes.length > 0;
}

function hasDefaultBy({ defaultRoute }: Attachment, via: Address): boolean {
  return defaultRoute.some((hop) => hop.family === via.family && hop.value === via.value);
}

/** A gateway of this target is what the member does without; a gateway of another target is there all the same. */
function withoutRoute(
  { intent }: Network,
  { workload, intent: memberOf }: Attachment,
  { to, origin: place, intent: by }: NetworkRoute,
  gateway: Gateway | undefined,
): UnsupportedFeature {
  const why = `${formatDisplayName(workload)} needs a route to ${formatCidr(to)} by ${by}: attachments carry a default route and no others, which \`defaultRoute: true\` of a member is`;
  if (!gateway) return { feature: "routes", intent, place, why };
  const feature = gateway.role === "firewall" ? "firewall" : "vpn";
  const { namespace, kind, name } = workload;
  const help = `write \`defaultRoute: true\` for the member {workload: {namespace: ${namespace}, kind: ${kind}, name: ${name}}} of ${memberOf}`;
  return { feature, intent: by, place, why, help };
}

/** On a main network nobody of the default network is there, and it reaches nobody. */
function findUnsupportedBorder(
  { intent, namespaces, openings }: DefaultDenyZone,
  network: Network | undefined,
): readonly UnsupportedFeature[] {
  if (network?.link.separation !== "overlay") return [];
  const own = new Set(namespaces);
  return openings
    .filter(
      ({ peer, standing }) => !standing && peer.type === "namespaces" && peer.names.some((name) => !own.has(name)),
    )
    .map(({ origin }) => ({ feature: "openings", intent, place: origin }));
}

function findUnsupportedNetwork(one: Attachment, network: Network | undefined): readonly UnsupportedFeature[] {
  const { intent, origin: place, addresses, mac, workload } = one;
  if (!network) return [];
  const overlay = network.link.separation === "overlay";
  const lacking: UnsupportedFeature[] = [];
  const help = "put it on a VLAN: `network: {separation: vlan, uplink: …}`";
  if (addresses.length > 0 && (overlay || managesAddresses(network)))
    lacking.push({ feature: "fixed-addresses", intent, place, ...(overlay && { help }) });
  if (overlay && mac !== undefined) lacking.push({ feature: "mac-addresses", intent, place, help });
  if (overlay && workload.kind === "VirtualMachine") lacking.push({ feature: "virtual-machines", intent, place, help });
  return lacking;
}
