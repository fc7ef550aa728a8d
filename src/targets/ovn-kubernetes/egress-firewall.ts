import type { Manifest } from "../../ir/manifest.ts";
import type { DefaultDenyZone, Network, ZoneOpening } from "../../ir/plan.ts";
import { formatCidr } from "../../net/cidr.ts";
import type { Service } from "../../net/service.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { UDN } from "./cluster-network.ts";

/** Ports that a range may be spelt out as: the API has single ports only. */
const EXPANDED = 64;

/**
 * What leaves a main network for the world, in a layer that no NetworkPolicy of a tenant opens again. OVN-Kubernetes
 * reads the object called `default` and no other; the first rule that matches decides.
 */
export function buildEgressFirewalls(boundary: DefaultDenyZone, network: Network): readonly Manifest[] {
  const families = new Set(network.subnets.map((subnet) => subnet.family));
  const everywhere = [...(families.has(4) ? ["0.0.0.0/0"] : []), ...(families.has(6) ? ["::/0"] : [])].map(
    (cidrSelector) => ({ type: "Deny", to: { cidrSelector } }),
  );
  const egress = [
    ...boundary.openings.filter((one) => one.direction === "egress").flatMap(buildAllowRules),
    ...everywhere,
  ];
  return boundary.namespaces.map((namespace) =>
    buildManifest(
      {
        apiVersion: UDN,
        kind: "EgressFirewall",
        template: "kubernetes/object",
        file: formatIntentPath("zone", boundary.intent),
      },
      { name: "default", namespace, wave: SYNC_WAVES.policy },
      boundary,
      { body: { spec: { egress } } },
    ),
  );
}

function buildAllowRules({ peer, services }: ZoneOpening): readonly unknown[] {
  if (peer.type !== "cidrs") return [];
  const ports = services.flatMap(expandPorts);
  const narrow = services.length > 0 && services.every((one) => one.last - one.first < EXPANDED);
  return peer.cidrs.map((one) => ({ type: "Allow", to: { cidrSelector: formatCidr(one) }, ...(narrow && { ports }) }));
}

/** A longer range is left to the NetworkPolicy, which has words for it. */
function expandPorts({ protocol, first, last }: Service): readonly unknown[] {
  if (last - first >= EXPANDED) return [];
  return Array.from({ length: last - first + 1 }, (_none, index) => ({
    port: first + index,
    protocol: protocol.toUpperCase(),
  }));
}
