import type { PodPatch } from "../../ir/manifest.ts";
import type { Attachment, Gateway, Network, NetworkRoute, Plan } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import { type Address, formatAddress } from "../../net/address.ts";
import { formatCidr } from "../../net/cidr.ts";
import { NETWORKS } from "../multus/networks-annotation.ts";
import { listOwnRange } from "./own-ranges.ts";
import { chooseProvider } from "./underlay.ts";

/** Addresses that members of networks have for themselves, by the network: none of them is the gateway's. */
export function groupFixedAddresses(
  { attachments, networks, gateways }: Plan,
  guests: readonly Gateway[] = [],
): ReadonlyMap<string, readonly Address[]> {
  const fixed = new Map(
    networks.map((one) => [one.intent, one.variants.flatMap((variant) => listOwnRange(one, variant) ?? []).flat()]),
  );
  const add = (network: string, addresses: readonly { readonly address: Address }[]) => {
    for (const { address } of addresses) fixed.get(network)?.push(address);
  };
  for (const { network, addresses } of attachments) add(network, addresses);
  for (const { network, addresses } of [...gateways, ...guests].flatMap((one) => one.legs))
    add(network, addresses.flat());
  return fixed;
}

/**
 * Patches with the annotations by which Kube-OVN gives pods their own addresses; it passes over those of Multus. Pods of an
 * overlay are on it without a patch, so one that has addresses of its own gets one.
 */
export function addFixedAddresses(
  patches: readonly PodPatch[],
  attachments: readonly Attachment[],
  networks: ReadonlyMap<string, Network>,
): readonly PodPatch[] {
  const left = new Map<Workload, { readonly first: Attachment; readonly own: Record<string, string> }>();
  for (const one of attachments) {
    const network = networks.get(one.network);
    const own = network ? annotationsOf(one, network) : {};
    if (Object.keys(own).length === 0) continue;
    const known = left.get(one.workload);
    left.set(one.workload, { first: known?.first ?? one, own: { ...known?.own, ...own } });
  }
  const patched = patches.map((patch) => {
    const { own } = left.get(patch.workload) ?? {};
    left.delete(patch.workload);
    return { ...patch, annotations: { ...patch.annotations, ...own } };
  });
  return [...patched, ...[...left.values()].map(({ first, own }) => createAnnotationPatch(first, own))];
}

/** The address of each family, IPv4 first, as in the Subnet. Several pods take theirs from a list. */
function annotationsOf(attachment: Attachment, network: Network): Readonly<Record<string, string>> {
  const { addresses, perPod, mac, variant: name } = attachment;
  const provider = network.link.separation === "overlay" ? "ovn" : chooseProvider(network);
  const variant = network.variants.find((one) => one.name === name);
  const range = (variant && listOwnRange(network, variant)) ?? [];
  const routes = network.link.separation === "overlay" ? [] : (variant?.routes ?? []);
  return {
    // Pods of a StatefulSet take the entry of their ordinal (pkg/controller/pod.go).
    ...(perPod && {
      [`${provider}.kubernetes.io/ip_pool`]: listOf(perPod.map((own) => own.map((one) => one.address))),
    }),
    ...(!perPod &&
      addresses.length > 0 && {
        [`${provider}.kubernetes.io/ip_address`]: formatAddresses(addresses.map((one) => one.address)),
      }),
    ...(range.length > 0 && { [`${provider}.kubernetes.io/ip_pool`]: listOf(range) }),
    ...(routes.length > 0 && { [`${provider}.kubernetes.io/routes`]: formatRoutes(routes) }),
    ...(mac !== undefined && { [`${provider}.kubernetes.io/mac_address`]: mac }),
  };
}

export function formatAddresses(addresses: readonly Address[]): string {
  return joinAddresses([...addresses].sort((a, b) => a.family - b.family));
}

/** The daemon adds them to the interface (pkg/daemon/handler.go): the definition's own would be for all pods alike. */
export function formatRoutes(routes: readonly NetworkRoute[]): string {
  return JSON.stringify(routes.map(({ to, via }) => ({ dst: formatCidr(to), gw: formatAddress(via) })));
}

function joinAddresses(addresses: readonly Address[]): string {
  return addresses.map(formatAddress).join(",");
}

/** Commas between addresses of one family; where each entry has both, semicolons. */
function listOf(range: readonly (readonly Address[])[]): string {
  return range.map(formatAddresses).join((range[0]?.length ?? 0) > 1 ? ";" : ",");
}

function createAnnotationPatch(
  { workload, intent, origin }: Attachment,
  annotations: Readonly<Record<string, string>>,
): PodPatch {
  const present = workload.annotations[NETWORKS];
  return {
    workload,
    intents: [intent],
    origin,
    annotations,
    nodeSelector: {},
    resolvers: [],
    devices: {},
    claims: [],
    virtual: [],
    // What stands there by hand stays, so guards must let it in.
    admits: present === undefined ? [] : [present],
  };
}
