import type { Attachment, Gateway, Network, Plan } from "../../ir/plan.ts";
import type { Feature } from "../../schema/features.ts";
import type { Place } from "../../source/place.ts";

/** Something that a plan needs of its target, at the line that needs it. */
export interface RequiredFeature {
  readonly feature: Feature;
  readonly target: string;
  readonly place: Place;
  /** Intent id of what needs it. */
  readonly intent: string;
  /** Why the part of it that a target has is not enough here. */
  readonly why?: string;
  /** The target has a part of it, which is not enough here. */
  readonly partly?: true;
  /** What would be enough. */
  readonly help?: string;
}

/** What a plan needs, feature by feature; each once for an intent. */
export function listRequiredFeatures(plan: Plan): readonly RequiredFeature[] {
  const needs = new Map<string, RequiredFeature>();
  const add = (feature: Feature, target: string, intent: string, place: Place): void => {
    const key = `${feature} ${target} ${intent}`;
    if (!needs.has(key)) needs.set(key, { feature, target, intent, place });
  };
  const pods = podsOn(plan);
  const targetOf = new Map(plan.networks.map((network) => [network.intent, network.target]));
  for (const { intent, target, origin, openings } of plan.zones) {
    add("zone", target, intent, origin);
    const opening = openings.find((one) => !one.standing);
    if (opening) add("openings", target, intent, opening.origin);
  }
  for (const network of plan.networks)
    ofNetwork(network, (feature, place) => add(feature, network.target, network.intent, place));
  for (const one of plan.attachments)
    ofAttachment(one, (feature) => add(feature, targetOf.get(one.network) ?? "", one.intent, one.origin));
  for (const network of plan.networks)
    if (network.membersApart && (pods.get(network.intent) ?? 0) > 1)
      add("hosts-only", network.target, network.intent, network.origin);
  for (const one of plan.gateways) {
    ofGateway(one, (feature) => add(feature, one.target, one.intent, one.origin));
    for (const { network, origin } of one.legs) {
      const target = targetOf.get(network);
      if (target !== undefined && target !== one.target) add("legs", target, one.intent, origin);
    }
  }
  return [...needs.values()];
}

/** Pods on each network; where nodes decide how many there are, several. */
function podsOn(plan: Plan): ReadonlyMap<string, number> {
  const pods = new Map<string, number>();
  for (const { network, workload } of plan.attachments)
    pods.set(network, (pods.get(network) ?? 0) + (workload.pods ?? 2));
  return pods;
}

function ofNetwork(network: Network, need: (feature: Feature, place: Place) => void): void {
  const { role, origin, link, variants, subnets } = network;
  if (role === "external") need("external", origin);
  if (role === "network") need("network", origin);
  if (network.limits === "traffic") need("traffic", origin);
  if (network.limits === "border") need("network-borders", origin);
  if (link.separation !== "overlay" && link.vlan !== undefined) need("zone-vlan", origin);
  if (link.separation === "physical") need("zone-physical", origin);
  if (link.separation === "overlay") need("zone-overlay", origin);
  if (new Set(subnets.map((one) => one.family)).size > 1) need("dual-stack", origin);
  if (variants.some((variant) => variant.ipam.mode === "pool")) need("pool-addresses", origin);
  if (variants.some((variant) => variant.ipam.mode === "dhcp")) need("dhcp", origin);
  if (variants.some((variant) => variant.ipam.mode === "none")) need("layer2-only", origin);
  if (Object.keys(network.sysctls).length > 0) need("sysctls", origin);
  if (network.bandwidth) need("bandwidth", origin);
  if (Object.keys(network.plugin).length > 0 || network.chain.length > 0 || network.ipam) need("plugin-fields", origin);
  if (network.takesOver.length > 0) need("existing", origin);
  for (const { forwards, routes } of variants) {
    const route = routes[0];
    if (!forwards && route) need("routes", route.origin);
  }
  const ranges = new Set(
    variants.flatMap(({ ipam }) => (ipam.mode === "pool" ? [JSON.stringify(rangeOf(ipam.pools))] : [])),
  );
  if (ranges.size > 1) need("own-range", origin);
}

function rangeOf(
  pools: readonly {
    readonly start: { readonly value: bigint | number };
    readonly end: { readonly value: bigint | number };
  }[],
) {
  return pools.map(({ start, end }) => [String(start.value), String(end.value)]);
}

function ofAttachment(attachment: Attachment, need: (feature: Feature) => void): void {
  const { addresses, perPod, mac, workload, steeredBy } = attachment;
  if (perPod) need("per-pod-addresses");
  if (addresses.length > 0) need("fixed-addresses");
  if (mac !== undefined) need("mac-addresses");
  if (workload.kind === "VirtualMachine") need("virtual-machines");
  if (steeredBy !== undefined) need("routes");
}

function ofGateway({ role, tunnel }: Gateway, need: (feature: Feature) => void): void {
  if (role === "firewall") need("firewall");
  else need(tunnel?.type === "ipsec" ? "vpn-ipsec" : "vpn");
  if (!tunnel) return;
  need(tunnel.destinations.some((one) => one.prefix === 0) ? "vpn-all" : "vpn-selected");
}
