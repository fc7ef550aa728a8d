import type { Gateway, GatewayInterface, GatewayMember, Network, Plan } from "../../ir/plan.ts";
import { formatInterfaceAddress } from "../../net/cidr.ts";
import { buildConflist } from "../shared/cni/conflist.ts";
import type { GatewayPodInterfaces } from "../shared/kubernetes/gateway/gateway-pod-interfaces.ts";
import { formatNetworksAnnotation, NETWORKS, type NetworkSelection } from "./networks-annotation.ts";

/** The legs of a member on these networks as elements of the networks annotation. */
export function listSelections(
  gateway: Gateway,
  member: GatewayMember,
  networks: ReadonlyMap<string, Network>,
): readonly NetworkSelection[] {
  return gateway.legs
    .filter((leg) => networks.has(leg.network))
    .map((leg) => ({
      name: leg.variant,
      namespace: gateway.namespace,
      interface: leg.interface,
      ips: (leg.addresses[member.index - 1] ?? []).map(formatInterfaceAddress),
    }));
}

/** A member's legs on these networks, as its pod names them. */
export function buildMultusInterfaces(
  gateway: Gateway,
  member: GatewayMember,
  networks: ReadonlyMap<string, Network>,
  plan: Plan,
): GatewayPodInterfaces {
  const selections = listSelections(gateway, member, networks);
  const links = gateway.legs.flatMap((leg) => networks.get(leg.network)?.link ?? []);
  const devices: Record<string, number> = {};
  for (const link of links)
    if (link.attach === "sriov" && link.resourceName !== undefined && !plan.cluster.platform.networkResourcesInjector)
      devices[link.resourceName] = (devices[link.resourceName] ?? 0) + 1;
  return {
    annotations: selections.length > 0 ? { [NETWORKS]: formatNetworksAnnotation([], selections) } : {},
    nodeSelector: Object.assign({}, ...links.map((link) => link.nodes?.matchLabels ?? {})) as Record<string, string>,
    devices,
    claims: [],
    bare: [],
    says: gateway.legs.flatMap((leg) => textOf(leg, networks, plan)),
  };
}

/** What the network of a leg says. One of an overlay says nothing: it was refused. */
function textOf(leg: GatewayInterface, networks: ReadonlyMap<string, Network>, plan: Plan): readonly string[] {
  const network = networks.get(leg.network);
  const variant = network?.variants.find((one) => one.name === leg.variant);
  if (!network || !variant || network.link.attach === "overlay") return [];
  return [JSON.stringify(buildConflist(network, variant, plan.cluster.platform))];
}
