import { rangeOf } from "../../../net/cidr.ts";
import { oneAddress } from "../../../net/range.ts";
import { formatSet, intersect, setOf, without } from "../../headerspace/address-set.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { kubeOvnAddresses } from "./kube-ovn-addresses.ts";
import type { Pod } from "./pod.ts";

/** The main network of a namespace as a pod of it is on it: with the addresses that it asks for, or why they cannot be read. */
export function mainNetworkOf(
  pod: Pod,
  network: AttachableNetwork | undefined,
): AttachableNetwork | undefined | string {
  if (network?.plugin !== "kube-ovn" || pod.hostNetwork) return network;
  const own = kubeOvnAddresses(pod, "ovn");
  if (typeof own === "string" || own.length === 0) return typeof own === "string" ? own : network;
  const asked = setOf(own.map((one) => oneAddress(one.address)));
  const outside = without(asked, setOf(network.pools.map((pool) => rangeOf(pool.subnet))));
  if (outside.length > 0) return `it asks for ${formatSet(outside)}, which is not of its subnet`;
  const pools = network.pools.map(({ subnet }) => ({ subnet, addresses: intersect(asked, [rangeOf(subnet)]) }));
  // Nobody else's leases are in its book.
  return { ...network, pools, book: pod.id };
}
