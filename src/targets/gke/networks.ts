import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../ir/manifest.ts";
import type { Network } from "../../ir/plan.ts";
import type { Cluster } from "../../ir/project.ts";
import { formatAddress } from "../../net/address.ts";
import { formatCidr } from "../../net/cidr.ts";
import { formatObjectName } from "../../net/name.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { gkeRules } from "./rules.ts";

export const GROUP = "networking.gke.io";

/** Name of the objects of a network, as pods refer to them. */
export function formatGkeNetworkName(network: Network): string {
  return formatObjectName([network.role, network.name]);
}

/**
 * A Network with its parameters: a VPC is the boundary, so each has one of its own. Virtual functions come as devices,
 * everything else as routed interfaces with addresses from the VPC's ranges.
 */
export function buildGkeNetwork(network: Network, { platform }: Cluster): readonly Manifest[] {
  const vpc = platform.gke.networks.get(network.link.uplink ?? "");
  if (!vpc) return [];
  const name = formatGkeNetworkName(network);
  const device = network.link.attach === "sriov";
  const head = { name, wave: SYNC_WAVES.network };
  const what = {
    apiVersion: `${GROUP}/v1`,
    template: "kubernetes/object",
    file: formatIntentPath(network.role, network.intent),
  };
  const routes = network.variants.flatMap((variant) => variant.routes);
  const router = routes[0]?.via;
  return [
    buildManifest({ ...what, kind: "GKENetworkParamSet" }, head, network, {
      body: {
        spec: {
          vpc: vpc.vpc,
          vpcSubnet: vpc.subnet,
          ...(device ? { deviceMode: "NetDevice" } : { podIPv4Ranges: { rangeNames: vpc.podRanges } }),
        },
      },
    }),
    buildManifest({ ...what, kind: "Network" }, head, network, {
      body: {
        spec: {
          type: device ? "Device" : "L3",
          provider: "GKE",
          parametersRef: { group: GROUP, kind: "GKENetworkParamSet", name },
          ...(router && { gateway4: formatAddress(router), routes: routes.map(({ to }) => ({ to: formatCidr(to) })) }),
        },
      },
    }),
  ];
}

/** Every network has a VPC, and no other one has the same. */
export function checkVpcs(networks: readonly Network[], cluster: Cluster, found: Diagnostic[]): void {
  const users = new Map<string, Network>();
  for (const network of networks) {
    const uplink = network.link.uplink ?? "";
    const vpc = cluster.platform.gke.networks.get(uplink);
    if (!vpc) {
      found.push(gkeRules.diagnose("no-vpc", network.origin, { uplink, cluster: cluster.name }));
      continue;
    }
    const first = users.get(vpc.vpc);
    if (first) {
      const related = [{ place: first.origin, label: "the first one" }];
      found.push(gkeRules.diagnose("shared-uplink", network.origin, { uplink, other: first.intent }, { related }));
    } else users.set(vpc.vpc, network);
  }
}
