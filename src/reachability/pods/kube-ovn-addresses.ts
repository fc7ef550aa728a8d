import { parseAddress } from "../../net/address.ts";
import type { PodAttachment } from "./attachments.ts";
import type { Pod } from "./pod.ts";

/** The addresses that Kube-OVN gives a pod on an attachment because its annotations say so, or why they cannot be read. */
export function kubeOvnAddresses(pod: Pod, { namespace, name }: PodAttachment): PodAttachment["addresses"] | string {
  const prefix = `${name}.${namespace}.ovn.`;
  // Of several pods (ip_pool), or of one interface of several in a network.
  const other = [`${prefix}kubernetes.io/ip_pool`, `${name}.${namespace}.kubernetes.io/ip_address.`];
  const unread = Object.keys(pod.annotations).find((key) => other.some((one) => key.startsWith(one)));
  if (unread !== undefined) return `its annotation ${unread}`;
  const text = pod.annotations[`${prefix}kubernetes.io/ip_address`];
  if (text === undefined || text === "") return [];
  const found = text.split(",").map((one) => parseAddress(one.trim()));
  const read = found.filter((one) => one !== undefined);
  if (read.length < found.length) return `its annotation ${prefix}kubernetes.io/ip_address`;
  return read.map((address) => ({ address, prefix: undefined }));
}
