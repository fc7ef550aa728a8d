import type { Address } from "../../../net/address.ts";
import type { Cidr } from "../../../net/cidr.ts";
import type { Place } from "../../../source/place.ts";
import type { AddressSet } from "../../headerspace/address-set.ts";
import type { Runtime } from "../gateways/runtime.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import type { Labels } from "../policies/selector.ts";
import type { Pod } from "./pod.ts";

/** Something that sends, receives or forwards packets: pods of equal behaviour, or a device outside of the cluster. */
export interface Node {
  /** `Deployment payments/card`, `externalnetwork/mainframe`. */
  readonly id: string;
  /** Workloads whose pods behave just the same: this node stands for them too. */
  readonly alike: readonly string[];
  /** The nodes that it stands for on their own networks, where the policies of eth0 tell them apart. */
  readonly parts?: readonly Node[];
  readonly type: "workload" | "gateway" | "external" | "resolver" | "anybody";
  readonly namespace: string;
  readonly labels: Labels;
  /** Absent for what stands in no manifest. */
  readonly pod: Pod | undefined;
  /** The intent that made it, for gateways. */
  readonly intent: string | undefined;
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
  readonly forwards4: boolean;
  readonly forwards6: boolean;
  readonly runtime: Runtime;
  /** Addresses that it answers for, on any of its interfaces (weak host model). */
  readonly local: AddressSet;
  readonly place: Place | undefined;
  readonly hostNetwork: boolean;
}

export interface Interface {
  readonly name: string;
  readonly type: "default" | "attachment" | "tunnel" | "device";
  /** Layer-2 domain; every tunnel is one of its own. */
  readonly domain: string;
  readonly network: AttachableNetwork | undefined;
  /** What any pod of the node may carry here. */
  readonly addresses: AddressSet;
  /** What only the active member carries. */
  readonly virtual: AddressSet;
  /** The only addresses that its port may send from, where something looks (port security of OVN). */
  readonly bound?: AddressSet;
  readonly mtu: number;
  /** The hardware address that a pod asks for. */
  readonly mac?: string | undefined;
  readonly reversePath: 0 | 1 | 2;
}

export interface Route {
  readonly to: Cidr;
  readonly via: Address | undefined;
  /** Undefined: unreachable. */
  readonly interface: string | undefined;
  readonly metric: number;
  /** Only for what its own addresses answer. */
  readonly answersOnly: boolean;
}

/** The interface that a pod's default network is on. */
export function findPrimaryInterface(node: Node): Interface | undefined {
  return node.interfaces.find((one) => one.type === "default");
}

/** Whether a network of its own is in the default network's place. */
export function hasPrimaryNetwork(node: Node): boolean {
  return findPrimaryInterface(node)?.network !== undefined;
}

/** Every workload that a node stands for. */
export function listWorkloadIds(node: Node): readonly string[] {
  return node.alike.length === 0 ? [node.id] : [node.id, ...node.alike];
}

/** The nodes that policies of eth0 tell apart. */
export function listParts(node: Node): readonly Node[] {
  return node.parts ?? [node];
}

/** Ports that a pod on another main network opens to the default one (OVN-Kubernetes). */
export const OPEN_PORTS = "k8s.ovn.org/open-default-ports";

export const ETH0 = "eth0";
