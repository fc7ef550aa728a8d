import { type Address, formatAddress } from "../net/address.ts";
import { rangeHolds } from "../net/range.ts";
import { annotationsOf, labelsOf } from "./labels-and-annotations.ts";
import type { Loss } from "./loss.ts";
import type { Kept } from "./old-networks.ts";
import type { Carried } from "./read-carried.ts";
import { lossOfNetwork, type Settled } from "./settle-subnets.ts";

/** What is kept as it stands, and what changes though nothing of the network does. */
export function detailsOf(networks: readonly Settled[], kept: readonly Kept[]): readonly Loss[] {
  return [
    ...networks.flatMap(ofSettled),
    ...kept.map(
      ({ network, why }): Loss => ({ ...lossOfNetwork(network, `carried as it stands: ${why}`), kind: "kept" }),
    ),
    ...[...networks, ...kept].flatMap(ofMetadata),
  ];
}

function shown(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(", ");
}

/** Keys that are gone, though nothing changes with them; and what a rollout does, now as before. */
function ofSettled({ network, members }: Settled): readonly Loss[] {
  const { settings } = network.carried;
  const unread = [...network.carried.unread, ...network.carried.ignored.map((key) => `ipam.${key}`)];
  const lose = (why: string): Loss => ({ ...lossOfNetwork(network, why), kind: "detail" });
  const surging = members.filter(
    ({ workload, addresses, mac }) =>
      workload.surges && workload.pods !== 1 && (addresses.length > 0 || mac !== undefined),
  );
  return [
    ...(unread.length > 0 ? [lose(`${shown(unread)}: the plugin does not read it`)] : []),
    ...(settings.length > 0
      ? [lose(`${shown(settings)}: settings of the plugin on the node are not part of an intent`)]
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
function routersIn({ ipam, gateways, pods }: Carried): readonly Address[] {
  if (ipam !== "whereabouts") return [];
  return gateways.filter((one) => pods.some((range) => rangeHolds(range, one)));
}

function ofMetadata({ network }: Settled | Kept): readonly Loss[] {
  return network.nads.flatMap(({ object }) => {
    const [labels, annotations] = [labelsOf(object).gone, annotationsOf(object).gone];
    const lose = (why: string): Loss => ({ ...lossOfNetwork(network, why), kind: "detail" });
    return [
      ...(labels.length > 0
        ? [lose(`not carried: the labels ${shown(labels)}, which tools write for themselves`)]
        : []),
      ...(annotations.length > 0
        ? [lose(`not carried: the annotations ${shown(annotations)}, which tools read or write for themselves`)]
        : []),
    ];
  });
}
