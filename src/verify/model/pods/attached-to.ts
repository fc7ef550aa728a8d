import type { GuestSettings } from "../../expected/expected.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { attachmentsOf, type PodAttachment } from "./attachments.ts";
import { claimed } from "./claimed.ts";
import { gkeInterfaces } from "./gke-interfaces.ts";
import { kubeOvnAddresses, kubeOvnMac } from "./kube-ovn-addresses.ts";
import { kubeOvnPort } from "./kube-ovn-port.ts";
import type { Pod } from "./pod.ts";

export interface Attached {
  readonly attachment: PodAttachment;
  /** Undefined: no manifest describes it. */
  readonly network: AttachableNetwork | undefined;
  /** What the guest of a virtual machine sets there itself. */
  readonly guest?: GuestSettings | undefined;
}

/** Links of a virtual machine with what its guest sets on each of them. */
export function withGuests(attached: readonly Attached[], guests: readonly GuestSettings[]): readonly Attached[] {
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
) => readonly Attached[] | string;

function byNetworksAnnotation(
  pod: Pod,
  networks: ReadonlyMap<string, AttachableNetwork>,
): readonly Attached[] | string {
  const read = attachmentsOf(pod);
  if (typeof read === "string") return read;
  const attached: Attached[] = [];
  for (const attachment of read) {
    const { name, namespace } = attachment;
    const known = networks.get(`${namespace}/${name}`);
    const own = known?.plugin === "kube-ovn";
    const network = own ? kubeOvnPort(pod, known, networks) : known;
    if (typeof network === "string") return network;
    const addresses = own ? kubeOvnAddresses(pod, `${name}.${namespace}.ovn`) : attachment.addresses;
    if (typeof addresses === "string") return addresses;
    const mac = own ? kubeOvnMac(pod, attachment) : askedMac(pod, attachment, network);
    attached.push({ attachment: { ...attachment, addresses, mac }, network });
  }
  return attached;
}

/** A guest has its own hardware address; a pod has that which it asks for, where its network takes one (CNI conventions). */
function askedMac(pod: Pod, { mac }: PodAttachment, network: AttachableNetwork | undefined): string | undefined {
  return pod.manifest.kind !== "VirtualMachine" && network?.takesMac === false ? undefined : mac;
}

/** Every way there is; a pod may use several at once. */
export const attachmentReaders: readonly AttachmentReader[] = [byNetworksAnnotation, claimed, gkeInterfaces];

/** What a pod is attached to besides the default network, and what of it cannot be read. */
export function attachedTo(
  pod: Pod,
  networks: ReadonlyMap<string, AttachableNetwork>,
): { readonly attached: readonly Attached[]; readonly unread: readonly string[] } {
  const attached: Attached[] = [];
  const unread: string[] = [];
  for (const reader of attachmentReaders) {
    const read = reader(pod, networks);
    if (typeof read === "string") unread.push(read);
    else attached.push(...read);
  }
  return { attached, unread };
}
