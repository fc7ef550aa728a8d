import type { PodPatch } from "../../ir/manifest.ts";
import type { Attachment, Network } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import { type Address, formatAddress } from "../../net/address.ts";
import { providerOf } from "./underlay.ts";

/** Addresses that members of networks have for themselves, by the network. */
export function fixedByNetwork(attachments: readonly Attachment[]): ReadonlyMap<string, readonly Address[]> {
  const fixed = new Map<string, Address[]>();
  for (const { network, addresses } of attachments) {
    const list = fixed.get(network) ?? [];
    list.push(...addresses.map((one) => one.address));
    fixed.set(network, list);
  }
  return fixed;
}

/** Patches with the annotations by which Kube-OVN gives a pod its own addresses; it passes over those of Multus. */
export function withFixedAddresses(
  patches: readonly PodPatch[],
  attachments: readonly Attachment[],
  networks: ReadonlyMap<string, Network>,
): readonly PodPatch[] {
  const fixed = new Map<Workload, Record<string, string>>();
  for (const one of attachments) {
    const network = networks.get(one.network);
    if (network) fixed.set(one.workload, { ...fixed.get(one.workload), ...annotationsOf(one, providerOf(network)) });
  }
  return patches.map((patch) => ({ ...patch, annotations: { ...patch.annotations, ...fixed.get(patch.workload) } }));
}

/** The address of each family, IPv4 first, as in the Subnet. */
function annotationsOf({ addresses, mac }: Attachment, provider: string): Readonly<Record<string, string>> {
  const sorted = addresses.map((one) => one.address).sort((a, b) => a.family - b.family);
  return {
    ...(sorted.length > 0 && { [`${provider}.kubernetes.io/ip_address`]: sorted.map(formatAddress).join(",") }),
    ...(mac !== undefined && { [`${provider}.kubernetes.io/mac_address`]: mac }),
  };
}
