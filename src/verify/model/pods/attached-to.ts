import type { GuestSettings } from "../../expected/expected.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { type PodAttachment, readAttachments } from "./attachments.ts";
import { readClaimedNetworks } from "./claimed-networks.ts";
import { readGkeInterfaces } from "./gke-interfaces.ts";
import { readKubeOvnAddresses, readKubeOvnMac } from "./kube-ovn-addresses.ts";
import { resolveKubeOvnPort } from "./kube-ovn-port.ts";
import type { Pod } from "./pod.ts";

export interface ResolvedAttachment {
  readonly attachment: PodAttachment;
  /** Undefined: no manifest describes it. */
  readonly network: AttachableNetwork | undefined;
  /** What the guest of a virtual machine sets there itself. */
  readonly guest?: GuestSettings | undefined;
}

/** Links of a virtual machine with what its guest sets on each of them. */
export function withGuests(
  attached: readonly ResolvedAttachment[],
  guests: readonly GuestSettings[],
): readonly ResolvedAttachment[] {
  if (guests.length === 0) return attached;
  return attached.map((one) => ({
    ...one,
    guest: guests.find((guest) => guest.interface === one.attachment.interface),
  }));
}

/** How a platform reads what a pod is attached to: by its annotations, its claims or its namespace; or why it cannot. */
export type AttachmentReader = (
  pod: Pod,
  networks: ReadonlyMap<string, AttachableNetwork>,
) => readonly ResolvedAttachment[] | string;

function byNetworksAnnotation(
  pod: Pod,
  networks: ReadonlyMap<string, AttachableNetwork>,
): readonly ResolvedAttachment[] | string {
  const read = readAttachments(pod);
  if (typeof read === "string") return read;
  const attached: ResolvedAttachment[] = [];
  for (const attachment of read) {
    const { name, namespace } = attachment;
    const known = networks.get(`${namespace}/${name}`);
    const own = known?.plugin === "kube-ovn";
    const network = own ? resolveKubeOvnPort(pod, known, networks) : known;
    if (typeof network === "string") return network;
    const addresses = own ? readKubeOvnAddresses(pod, `${name}.${namespace}.ovn`) : attachment.addresses;
    if (typeof addresses === "string") return addresses;
    const mac = own ? readKubeOvnMac(pod, attachment) : askedMac(pod, attachment, network);
    attached.push({ attachment: { ...attachment, addresses, mac }, network });
  }
  return attached;
}

/** A guest has its own hardware address; a pod has that which it asks for, where its network takes one (CNI conventions). */
function askedMac(pod: Pod, { mac }: PodAttachment, network: AttachableNetwork | undefined): string | undefined {
  return pod.manifest.kind !== "VirtualMachine" && network?.takesMac === false ? undefined : mac;
}

/** Every way there is; a pod may use several at once. */
export const attachmentReaders: readonly AttachmentReader[] = [
  byNetworksAnnotation,
  readClaimedNetworks,
  readGkeInterfaces,
];

/** What a pod is attached to besides the default network, and what of it cannot be read. */
export function resolveAttachments(
  pod: Pod,
  networks: ReadonlyMap<string, AttachableNetwork>,
): { readonly attached: readonly ResolvedAttachment[]; readonly unread: readonly string[] } {
  const attached: ResolvedAttachment[] = [];
  const unread: string[] = [];
  for (const reader of attachmentReaders) {
    const read = reader(pod, networks);
    if (typeof read === "string") unread.push(read);
    else attached.push(...read);
  }
  return { attached, unread };
}
