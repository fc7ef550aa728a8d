import { annotationsOf, labelsOf } from "./labels-and-annotations.ts";
import type { Loss } from "./loss.ts";
import type { Kept } from "./old-networks.ts";
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
    ...(unread.length > 0 ? [lose(`${shown(unread)}: the plugin has never read that`)] : []),
    ...(settings.length > 0
      ? [lose(`${shown(settings)}: how the plugin works on a node is not an intent's to say`)]
      : []),
    ...(network.carried.fixed.length > 0
      ? [
          lose(
            `\`ipam.addresses\`: the one workload on it has the address now (${members.map(({ workload }) => `${workload.kind} ${workload.namespace}/${workload.name}`).join(", ")}), and nobody else gets it by naming the network`,
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
