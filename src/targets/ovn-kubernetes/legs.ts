import type { Gateway, GatewayMember, Plan } from "../../ir/plan.ts";
import { NETWORKS } from "../multus/networks-annotation.ts";
import type { LegsOnPod } from "../shared/kubernetes/gateway/legs-on-pod.ts";
import { clusterNetworkName, localnet } from "./cluster-network.ts";

/**
 * Legs on VLANs and uplinks, on the pod of a gateway that another target writes. No address is asked for: OVN would then
 * drop whatever comes from any other, which is all that a gateway forwards, and the virtual address. Without one it
 * looks at the MAC address only (port security), and the pod takes its addresses itself.
 */
export function legs(plan: Plan): (gateway: Gateway, member: GatewayMember) => LegsOnPod {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  return (gateway) => {
    const on = gateway.legs.flatMap((leg) => {
      const network = networks.get(leg.network);
      return network ? [{ leg, network }] : [];
    });
    const value = on.map(({ leg, network }) => ({
      name: clusterNetworkName(network),
      namespace: gateway.namespace,
      interface: leg.interface,
    }));
    const selectors = on.map(({ network }) => network.link.nodes?.matchLabels ?? {});
    return {
      annotations: { [NETWORKS]: JSON.stringify(value) },
      nodeSelector: Object.assign({}, ...selectors) as Record<string, string>,
      devices: {},
      claims: [],
      bare: on.map(({ leg }) => leg.interface),
      says: on.map(({ network }) => JSON.stringify(localnet(network, false).data)),
    };
  };
}
