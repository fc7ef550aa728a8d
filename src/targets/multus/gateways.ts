import type { Manifest } from "../../ir/manifest.ts";
import type { Gateway, GatewayMember, Network, Plan } from "../../ir/plan.ts";
import { formatInterfaceAddress } from "../../net/cidr.ts";
import { memberDeployment } from "../kubernetes/gateway/deployment.ts";
import {
  disruptionBudget,
  gatewayMap,
  gatewayPolicy,
  rulesMap,
  serviceAccount,
} from "../kubernetes/gateway/gateway-objects.ts";
import { NETWORKS, type NetworkSelection, networksAnnotation } from "./networks-annotation.ts";

/** Everything that a gateway runs on; of an adopted one only the policy of its namespace is ours. */
export function gatewayManifests(
  gateway: Gateway,
  networks: ReadonlyMap<string, Network>,
  plan: Plan,
): readonly Manifest[] {
  if (gateway.adopted.length > 0) return [];
  const { platform } = plan.cluster;
  return [
    ...serviceAccount(gateway, platform),
    rulesMap(gateway),
    gatewayMap(gateway),
    gatewayPolicy(gateway),
    ...disruptionBudget(gateway),
    ...gateway.members.map((member) => memberDeployment(gateway, member, onPod(gateway, member, networks, plan))),
  ];
}

/** The legs of a member as elements of the networks annotation. */
export function selectionsOf(gateway: Gateway, member: GatewayMember): readonly NetworkSelection[] {
  return gateway.legs.map((leg) => ({
    name: leg.variant,
    namespace: gateway.namespace,
    interface: leg.interface,
    ips: (leg.addresses[member.index - 1] ?? []).map(formatInterfaceAddress),
  }));
}

function onPod(gateway: Gateway, member: GatewayMember, networks: ReadonlyMap<string, Network>, plan: Plan) {
  const links = gateway.legs.flatMap((leg) => networks.get(leg.network)?.link ?? []);
  const devices: Record<string, number> = {};
  for (const link of links)
    if (link.attach === "sriov" && link.resourceName !== undefined && !plan.cluster.platform.networkResourcesInjector)
      devices[link.resourceName] = (devices[link.resourceName] ?? 0) + 1;
  return {
    annotations: { [NETWORKS]: networksAnnotation([], selectionsOf(gateway, member)) },
    nodeSelector: Object.assign({}, ...links.map((link) => link.nodes?.matchLabels ?? {})) as Record<string, string>,
    devices,
  };
}
