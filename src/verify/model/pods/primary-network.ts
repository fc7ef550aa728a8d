import { toRange } from "../../../net/cidr.ts";
import { toSingleRange } from "../../../net/range.ts";
import {
  createAddressSet,
  formatAddressSet,
  intersectAddresses,
  subtractAddresses,
} from "../../headerspace/address-set.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { readKubeOvnAddresses } from "./kube-ovn-addresses.ts";
import type { Pod } from "./pod.ts";

/** The main network of a namespace as a pod of it is on it: with the addresses that it asks for, or why they cannot be read. */
export function resolvePrimaryNetwork(
  pod: Pod,
  network: AttachableNetwork | undefined,
): AttachableNetwork | undefined | string {
  if (network?.plugin !== "kube-ovn" || pod.hostNetwork) return network;
  const own = readKubeOvnAddresses(pod, "ovn");
  if (typeof own === "string" || own.length === 0) return typeof own === "string" ? own : network;
  const asked = createAddressSet(own.map((one) => toSingleRange(one.address)));
  const outside = subtractAddresses(asked, createAddressSet(network.pools.map((pool) => toRange(pool.subnet))));
  if (outside.length > 0) return `it asks for ${formatAddressSet(outside)}, which is not of its subnet`;
  const pools = network.pools.map(({ subnet }) => ({
    subnet,
    addresses: intersectAddresses(asked, [toRange(subnet)]),
  }));
  // Nobody else's leases are in its book.
  return { ...network, pools, book: pod.id };
}
