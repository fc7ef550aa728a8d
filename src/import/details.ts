import { type Address, formatAddress } from "../net/address.ts";
import { containsRangeAddress } from "../net/range.ts";
import type { VerbatimCopy } from "./existing-networks.ts";
import { buildNetworkLoss, type ResolvedNetwork } from "./infer-subnets.ts";
import { splitAnnotations, splitLabels } from "./labels-and-annotations.ts";
import type { ImportLoss } from "./loss.ts";
import type { ImportedConfig } from "./read-network-config.ts";

/** What is kept as it stands, and what changes though nothing of the network does. */
export function reportDetails(
  networks: readonly ResolvedNetwork[],
  kept: readonly VerbatimCopy[],
): readonly ImportLoss[] {
  return [
    ...networks.flatMap(reportResolved),
    ...kept.map(
      ({ network, why }): ImportLoss => ({
        ...buildNetworkLoss(network, `carried as it stands: ${why}`),
        kind: "kept",
      }),
    ),
    ...[...networks, ...kept].flatMap(reportMetadata),
  ];
}

function formatKeys(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(", ");
}

/** Keys that are gone, though nothing changes with them; and what a rollout does, now as before. */
function reportResolved({ network, members }: ResolvedNetwork): readonly ImportLoss[] {
  const { settings } = network.carried;
  const unread = [...network.carried.unread, ...network.carried.ignored.map((key) => `ipam.${key}`)];
  const lose = (why: string): ImportLoss => ({ ...buildNetworkLoss(network, why), kind: "detail" });
  const surging = members.filter(
    ({ workload, addresses, mac }) =>
      workload.surges && workload.pods !== 1 && (addresses.length > 0 || mac !== undefined),
  );
  return [
    ...(unread.length > 0 ? [lose(`${formatKeys(unread)}: the plugin does not read it`)] : []),
    ...(settings.length > 0
      ? [lose(`${formatKeys(settings)}: settings of the plugin on the node are not part of an intent`)]
      : []),
    ...routersIn(network.carried).map((one) =>
      lose(
        `\`ipam\` no longer allocates ${formatAddress(one)}: it is the address of the router, and a pod could get it`,
      ),
    ),
    ...(network.carried.fixed.length > 0
      ? [
          lose(
            `\`ipam.addresses\`: its only workload has the address now (${members.map(({ workload }) => `${workload.kind} ${workload.namespace}/${workload.name}`).join(", ")}), and no other pod gets it from the network`,
          ),
        ]
      : []),
    ...surging.map(({ workload }) =>
      lose(
        `Deployment ${workload.namespace}/${workload.name} has one address for two pods during a rollout, as before; \`strategy: {type: Recreate}\` ends that`,
      ),
    ),
  ];
}

/** Routers whose address the range had: host-local leaves it out by itself. */
function routersIn({ ipam, gateways, pods }: ImportedConfig): readonly Address[] {
  if (ipam !== "whereabouts") return [];
  return gateways.filter((one) => pods.some((range) => containsRangeAddress(range, one)));
}

function reportMetadata({ network }: ResolvedNetwork | VerbatimCopy): readonly ImportLoss[] {
  return network.nads.flatMap(({ object }) => {
    const [labels, annotations] = [splitLabels(object).gone, splitAnnotations(object).gone];
    const lose = (why: string): ImportLoss => ({ ...buildNetworkLoss(network, why), kind: "detail" });
    return [
      ...(labels.length > 0
        ? [lose(`not carried: the labels ${formatKeys(labels)}, which tools write for themselves`)]
        : []),
      ...(annotations.length > 0
        ? [lose(`not carried: the annotations ${formatKeys(annotations)}, which tools read or write for themselves`)]
        : []),
    ];
  });
}
