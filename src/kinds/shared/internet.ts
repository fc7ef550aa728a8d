import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Cluster } from "../../ir/project.ts";
import type { Family } from "../../net/address.ts";
import { type Cidr, parseKnownCidr } from "../../net/cidr.ts";
import { complementCidrs } from "../../net/complement.ts";
import type { NodePlace } from "../../source/place.ts";
import type { IntentContext } from "../plan-builder.ts";
import type { VpnEgressSpec } from "../vpn-egress/types.ts";
import type { OutsideSpec } from "./outside.ts";
import { partyRules } from "./party-rules.ts";

/**
 * Addresses that no host of the internet has (RFC 6890): of this host, of this link, of groups, reserved. Of IPv6 what is
 * global, without 6to4 (2002::/16) and what begins with zeros, in which addresses of IPv4 stand.
 */
const NOWHERE = [
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"],
  ...["::/8", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8"],
].map(parseKnownCidr);

/**
 * The internet as a cluster sees it: every address that is in no network of the project, and none of the cluster's own.
 * Of a family of which the nodes' addresses are not known it is empty: they would be in it.
 */
export function computeInternet(
  scene: Pick<IntentContext, "cluster" | "all">,
  networks: readonly Cidr[],
): readonly Cidr[] {
  const taken = [...NOWHERE, ...ownOf(scene.cluster), ...networks, ...listRoutedElsewhere(scene)];
  return ([4, 6] as const)
    .filter((family) => nodesKnown(scene.cluster, family))
    .flatMap((family) => complementCidrs(family, taken));
}

function nodesKnown({ platform }: Cluster, family: Family): boolean {
  return platform.podNetwork.nodeCidrs.some((one) => one.family === family);
}

/** What a cluster has itself: pods, Services, nodes, the API server, and what its own network takes. */
function ownOf({ platform }: Cluster): readonly Cidr[] {
  const { cidrs, serviceCidrs, nodeCidrs } = platform.podNetwork;
  const taken = platform.taken.map((one) => one.cidr);
  return [...cidrs, ...serviceCidrs, ...nodeCidrs, ...platform.apiServer.cidrs, ...platform.dns.cidrs, ...taken];
}

/** What lies behind routers and tunnels that intents name. */
function listRoutedElsewhere({ all }: Pick<IntentContext, "all">): readonly Cidr[] {
  const routed = [...all("ExternalNetwork"), ...all("Network")].flatMap(({ spec }) =>
    ((spec as OutsideSpec).routes ?? []).map((route) => route.to),
  );
  const tunnelled = all("VpnEgress").flatMap(({ spec }) => (spec as VpnEgressSpec).destinations);
  const named = [...routed, ...tunnelled].filter((text) => text !== "any").map(parseKnownCidr);
  // A way to everything is no network.
  return named.filter((one) => one.prefix > 0);
}

/** Where the addresses of the nodes are needed and not known, they could not be told from the internet. */
export function checkNodeAddresses(
  cluster: Cluster,
  families: Iterable<Family>,
  place: NodePlace,
): Diagnostic | undefined {
  const missing = [...new Set(families)].sort().find((family) => !nodesKnown(cluster, family));
  if (missing === undefined) return undefined;
  return partyRules.diagnose("internet-without-nodes", place, { cluster: cluster.name, family: missing });
}
