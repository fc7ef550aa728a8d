import { type Address, parseAddress } from "../../../net/address.ts";
import type { PodAttachment } from "./attachments.ts";
import type { Pod } from "./pod.ts";
import { countPods } from "./pod-count.ts";

/**
 * The addresses that Kube-OVN gives a pod on a network because its annotations say so, or why they cannot be read
 * (pkg/controller/pod.go, acquireAddress). `provider`: `ovn`, or that of an attachment.
 */
export function readKubeOvnAddresses(pod: Pod, provider: string): PodAttachment["addresses"] | string {
  // Of one interface of several in a network.
  const other = `${provider.replace(/\.ovn$/, "")}.kubernetes.io/ip_address.`;
  const unread = Object.keys(pod.annotations).find((key) => key.startsWith(other));
  if (unread !== undefined) return `its annotation ${unread}`;
  const [single, pool] = ["ip_address", "ip_pool"].map((one) => `${provider}.kubernetes.io/${one}`) as [string, string];
  const key = textOf(pod, single) === "" ? pool : single;
  const text = textOf(pod, key);
  if (text === "") return [];
  const read = (key === single ? [text] : entriesOf(text)).map(addressesOf);
  const entries = read.filter((one) => one !== undefined);
  if (entries.length < read.length || entries.some((one) => one.length !== entries[0]?.length))
    return `its annotation ${key}`;
  const pods = countPods(pod);
  if (pods > entries.length)
    return `its annotation ${key}: ${entries.length} for ${pods} pods, and the others never start`;
  return entries.flat().map((address) => ({ address, prefix: undefined }));
}

function textOf(pod: Pod, key: string): string {
  return pod.annotations[key]?.trim() ?? "";
}

/** Semicolons between addresses of both families, commas between those of one; one of each family with a comma is one. */
function entriesOf(text: string): readonly string[] {
  if (text.includes(";")) return text.split(";");
  const list = text.split(",");
  const families = new Set(list.map((one) => parseAddress(one.trim())?.family));
  return list.length === 2 && families.size === 2 ? [text] : list;
}

/** An entry: an address, or one of each family. A name is that of an IPPool, which says on its own what it holds. */
function addressesOf(entry: string): readonly Address[] | undefined {
  const read = entry.split(",").map((one) => parseAddress(one.trim()));
  const found = read.filter((one) => one !== undefined);
  const families = new Set(found.map((one) => one.family));
  return found.length === read.length && families.size === found.length ? found : undefined;
}

/** The hardware address that its annotations ask for. */
export function readKubeOvnMac(pod: Pod, { namespace, name }: PodAttachment): string | undefined {
  return pod.annotations[`${name}.${namespace}.ovn.kubernetes.io/mac_address`];
}
