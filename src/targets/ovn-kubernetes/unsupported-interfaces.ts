import type { Gateway, Network, Plan } from "../../ir/plan.ts";
import { multus } from "../multus/index.ts";
import type { UnsupportedFeature } from "../target.ts";
import { OVN_KUBERNETES } from "./cluster-network.ts";

/** Interfaces of gateways, where OVN would not let them do their work. */
export function findUnsupportedInterfaces(
  plan: Plan,
  networks: ReadonlyMap<string, Network>,
): readonly UnsupportedFeature[] {
  return plan.gateways.flatMap((gateway) =>
    gateway.legs.flatMap((leg): readonly UnsupportedFeature[] => {
      const network = networks.get(leg.network);
      const why = network?.target === OVN_KUBERNETES ? explainUnsupported(gateway, network, networks) : undefined;
      if (why === undefined) return [];
      const feature = gateway.target !== OVN_KUBERNETES ? "legs" : gateway.role === "firewall" ? "firewall" : "vpn";
      return [{ feature, intent: gateway.intent, place: leg.origin, why }];
    }),
  );
}

function explainUnsupported(
  gateway: Gateway,
  network: Network,
  networks: ReadonlyMap<string, Network>,
): string | undefined {
  const { intent, link, subnets } = network;
  if (link.separation === "overlay")
    return `${intent} is an overlay, the main network of its own namespaces: nothing sends its traffic to a pod. Put the zone on a VLAN: \`separation: vlan\``;
  if (subnets.some((subnet) => subnet.family === 6))
    return `${intent} has IPv6, and OVN drops the neighbour advertisements of a gateway: nobody would find its IPv6 addresses. Give ${intent} IPv4 subnets alone`;
  if (gateway.adopted.length > 0)
    return `OVN gives a leg on ${intent} no addresses, and nothing of ours runs in a network function that is adopted`;
  // A gateway of this target alone forwards by a definition of its own.
  const tuned =
    gateway.target === OVN_KUBERNETES || gateway.legs.some((one) => networks.get(one.network)?.target === multus.name);
  return tuned
    ? undefined
    : `an attachment of OVN cannot make its pod forward: one of the legs must be of ${multus.name}, or the gateway itself \`target: ${OVN_KUBERNETES}\``;
}
