import type { Family } from "../../../net/address.ts";
import { parseKnownCidr } from "../../../net/cidr.ts";
import { type Fields, readText } from "../manifests/manifest.ts";
import type { ReadIpam } from "./ipam.ts";
import type { AttachmentRoute } from "./network.ts";

/** Keys of the bridge plugin that give the node an address on the bridge, and have it forward (bridge.go, `ensureAddr`). */
const KEYS = ["isGateway", "isDefaultGateway", "ipMasq"] as const;

/** The bridge that `bridge` takes where none is named: Flannel and k3s have the pod network on it. */
const POD_BRIDGE = "cni0";

/**
 * What of a plugin makes the nodes routers of its network: they join it with the pod network, and with every other network
 * that they route. With `ptp` the node is all that a pod has for a neighbour (ptp.go, `enableForwarding`).
 */
export function findNodeRouting(plugin: Fields): string | undefined {
  const type = readText(plugin, "type");
  if (type === "ptp") return "ptp";
  if (type !== "bridge") return undefined;
  const key = KEYS.find((one) => isTrue(plugin[one]));
  if (key !== undefined) return key;
  return (readText(plugin, "bridge") || POD_BRIDGE) === POD_BRIDGE && !isTrue(plugin.vlan)
    ? `bridge: ${POD_BRIDGE}`
    : undefined;
}

/** `isDefaultGateway` makes the node the pod's default route. */
export function listNodeRoutes(plugin: Fields, { gateways = [], pools }: ReadIpam): readonly AttachmentRoute[] {
  if (readText(plugin, "type") !== "bridge" || !isTrue(plugin.isDefaultGateway)) return [];
  const known =
    gateways.length > 0 ? gateways : pools.map(({ subnet: { family, base } }) => ({ family, value: base + 1n }));
  return known.map((via) => ({ to: EVERYWHERE[via.family], via, metric: 0 }));
}

const EVERYWHERE = { 4: parseKnownCidr("0.0.0.0/0"), 6: parseKnownCidr("::/0") } satisfies Record<
  Family,
  ReturnType<typeof parseKnownCidr>
>;

/** Go reads `true` alone; a text that says so stops the plugin, and is taken for what was wanted. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true" || (typeof value === "number" && value > 0);
}
