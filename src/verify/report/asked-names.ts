import type { ExpectedEnd } from "../../ir/expects.ts";
import { formatAddress } from "../../net/address.ts";
import { type AddressSet, findFirstAddress, formatAddressSet } from "../headerspace/address-set.ts";
import type { HeaderBox } from "../headerspace/packet-set.ts";
import { formatFirstService } from "../headerspace/service-set.ts";
import { listWorkloadIds, type Node } from "../model/pods/node.ts";
import type { Hop } from "./trace.ts";

/** What an answer calls a node: the workload that was asked for, where the node stands for several. */
export function formatAskedName(end: ExpectedEnd, node: Node): string {
  if (!end.workload) return node.id;
  const { kind, namespace, name } = end.workload;
  const id = `${kind} ${namespace}/${name}`;
  return listWorkloadIds(node).includes(id) ? id : node.id;
}

/** One packet in words. A workload that shares a pool with others may have any address of it. */
export function formatPacketBetween(box: HeaderBox, from: ExpectedEnd, to: ExpectedEnd): string {
  return `${formatFirstService(box.services)} from ${describeAt(from, box.sources)} to ${describeAt(to, box.destinations)}`;
}

function describeAt(end: ExpectedEnd, addresses: AddressSet): string {
  const first = findFirstAddress(addresses);
  const one = first ? formatAddress(first) : "nothing";
  if (!end.workload) return one;
  const { kind, namespace, name } = end.workload;
  const single = addresses.length === 1 && addresses[0]?.start === addresses[0]?.end;
  const where = single ? one : `any of the pool's addresses ${shortly(addresses)}`;
  return `${kind} ${namespace}/${name} (${where})`;
}

function shortly(addresses: AddressSet): string {
  const more = addresses.length - 1;
  return more > 0 ? `${formatAddressSet(addresses.slice(0, 1))} and ${more} more ranges` : formatAddressSet(addresses);
}

/** Hops with the asked names at both ends. */
export function nameHops(
  hops: readonly Hop[],
  sender: readonly [ExpectedEnd, Node | undefined],
  receiver: readonly [ExpectedEnd, Node | undefined],
): readonly Hop[] {
  return hops.map((hop, index) => {
    const [end, node] = index === 0 ? sender : receiver;
    const name = node && hop.at === node.id ? formatAskedName(end, node) : undefined;
    if (name !== undefined) return { ...hop, at: name };
    const [from, origin] = sender;
    return origin && hop.at === origin.id ? { ...hop, at: formatAskedName(from, origin) } : hop;
  });
}
