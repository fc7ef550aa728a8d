import type { Instance } from "../../ir/intent.ts";
import { type Address, formatAddress } from "../../net/address.ts";
import { containsAddress, parseKnownCidr, toHostCidr } from "../../net/cidr.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { vpnRules } from "./rules.ts";
import { parseEndpoint } from "./tunnel.ts";
import type { VpnEgressSpec } from "./types.ts";

/** Addresses that lead to no other host by a router: this host, this link, groups. */
const NOWHERE = [
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"],
  ...["::/127", "fe80::/10", "ff00::/8"],
].map(parseKnownCidr);

/**
 * The far end of a tunnel is outside: the gateway reaches it by eth0. Pods of its own networks and of the cluster are no far
 * end, since what is for them is not encrypted there, or never arrives. An external network may lead to it by other routers.
 */
export function checkEndpoint(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const { spec } = instance;
  const endpoint = parseEndpoint(spec);
  const where = endpoint && placeOf(endpoint, plan);
  if (!endpoint || where === undefined) return;
  const place = spec.ipsec ? instance.at("ipsec", "remote") : instance.at("wireguard", "endpoint");
  plan.report(vpnRules.diagnose("endpoint-inside", place, { endpoint: formatAddress(endpoint), where }));
}

function placeOf(endpoint: Address, plan: PlanBuilder): string | undefined {
  const { podNetwork } = plan.cluster.platform;
  const within = (list: readonly ReturnType<typeof parseKnownCidr>[]) =>
    list.some((one) => containsAddress(one, endpoint));
  if (within(NOWHERE)) return "an address that no other host has";
  if (within(podNetwork.cidrs)) return `a pod's address in cluster \`${plan.cluster.name}\``;
  if (within(podNetwork.serviceCidrs)) return `a Service's address in cluster \`${plan.cluster.name}\``;
  const own = plan.networksWithin(toHostCidr(endpoint)).find((one) => !one.request.id.startsWith("externalnetwork/"));
  return own && `an address in ${own.request.id}`;
}
