import type { Gateway, GatewayInterface, GatewayMember, Network, Plan } from "../../ir/plan.ts";
import { formatAddress } from "../../net/address.ts";
import { formatCidr, type InterfaceAddress } from "../../net/cidr.ts";
import { hashContent } from "../../net/hash.ts";
import { NETWORKS } from "../multus/networks-annotation.ts";
import type { GatewayPodInterfaces, OwnRoute } from "../shared/kubernetes/gateway/gateway-pod-interfaces.ts";
import { buildGatewayLocalnet, buildLocalnets, formatGatewayNetworkName, managesAddresses } from "./cluster-network.ts";
import { buildForwardingElement } from "./forwarding.ts";

/**
 * Interfaces on VLANs and uplinks, on the pod of a gateway. No address is asked for: OVN would then drop whatever comes from
 * any other address, which is all that a gateway forwards, and the virtual address. Without one it looks at the MAC address
 * only (port security), and the pod takes its addresses and routes itself.
 */
export function createOvnInterfaceBuilder(
  plan: Plan,
): (gateway: Gateway, member: GatewayMember) => GatewayPodInterfaces {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  return (gateway, member) => {
    const on = gateway.legs.flatMap((leg) => {
      const network = networks.get(leg.network);
      return network ? [{ leg, network }] : [];
    });
    const value = on.map(({ leg, network }) => ({
      name: formatGatewayNetworkName(network),
      namespace: gateway.namespace,
      interface: leg.interface,
      mac: macOf(leg, network, member),
    }));
    const selectors = on.map(({ network }) => network.link.nodes?.matchLabels ?? {});
    const forwarding = buildForwardingElement(plan, gateway);
    return {
      annotations: { [NETWORKS]: JSON.stringify([...value, ...(forwarding ? [forwarding] : [])]) },
      nodeSelector: Object.assign({}, ...selectors) as Record<string, string>,
      devices: {},
      claims: [],
      bare: on.map(({ leg }) => leg.interface),
      routes: on.flatMap(({ leg, network }) => routesOf(leg, network)),
      says: on.map(({ network }) => JSON.stringify(buildNetworkData(network))),
    };
  };
}

function buildNetworkData(network: Network): unknown {
  return managesAddresses(network) ? buildGatewayLocalnet(network).data : buildLocalnets(network, false)[0]?.data;
}

/** An attachment of OVN carries no routes but the default one: the pod makes those of its network. */
function routesOf(leg: GatewayInterface, network: Network): readonly OwnRoute[] {
  const variant = network.variants.find((one) => one.name === leg.variant);
  return (variant?.routes ?? []).map(({ to, via }) => ({
    to: formatCidr(to),
    via: formatAddress(via),
    interface: leg.interface,
    family: String(to.family),
  }));
}

/**
 * The MAC address of a member's interface. OVN takes another one at random at each start, which neighbours and guards would
 * not know. It is made of the address, which no other pod of the network has: as OVN makes those of its own pods for IPv4.
 */
function macOf(leg: GatewayInterface, network: Network, { index }: GatewayMember): string {
  const [first] = leg.addresses[index - 1] ?? [];
  return first ? macFor(first) : randomlyLooking(`${network.intent} ${leg.name} ${index}`);
}

function macFor({ address }: InterfaceAddress): string {
  if (address.family === 6) return randomlyLooking(formatAddress(address));
  const bytes = [24n, 16n, 8n, 0n].map((shift) => hex(Number((BigInt(address.value) >> shift) & 0xffn)));
  return ["0a", "58", ...bytes].join(":");
}

function randomlyLooking(text: string): string {
  // The second lowest bit of the first byte says that the address is not a manufacturer's.
  const digits = hashContent(text, 10);
  return ["02", ...(digits.match(/../g) ?? [])].join(":");
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
