import type { NetworkSpec, Separation } from "../../ir/network-spec.ts";
import type { TrafficLimits } from "../../ir/plan.ts";
import type { Address, Family } from "../../net/address.ts";
import type { Cidr } from "../../net/cidr.ts";
import type { NodePlace } from "../../source/place.ts";
import type { Member } from "./members.ts";

/** A layer-2 network that an intent needs in one cluster, as far as the intent says. */
export interface NetworkRequest {
  /** Id of the intent: `isolationzone/pci`. */
  readonly id: string;
  readonly name: string;
  readonly formerName: string | undefined;
  readonly role: "zone" | "external" | "network" | "vpn";
  readonly target: string;
  readonly spec: NetworkSpec & { readonly separation: Separation };
  readonly origin: NodePlace;
  /** Where a field of the network stands. */
  at(...path: (string | number)[]): NodePlace;
  /** Part of the subnets that is ours to give out; undefined = all. */
  readonly podsWithin: readonly Cidr[] | undefined;
  readonly membersApart: boolean;
  /** What of the traffic between its members policies must block; absent: nothing. */
  readonly limits?: TrafficLimits;
  /** Workloads that are attached. */
  readonly members: readonly Member[];
}

interface ClaimBase {
  /** Below the intent's id: `leg.inside.address.1`. Never changes its meaning: the lock is keyed by it. */
  readonly field: string;
  readonly place: NodePlace;
}

/** One address in a network. */
export interface AddressClaim extends ClaimBase {
  readonly type: "address";
  readonly network: string;
  readonly family: Family;
  /** Written in the intent. */
  readonly pinned: Address | undefined;
  /** A gateway and a host outside may be given a reserved address by name; a pod may not. */
  readonly use: "member" | "gateway" | "outside";
}

/** A range of its own in each subnet of a network. */
export interface BlockClaim extends ClaimBase {
  readonly type: "block";
  readonly network: string;
  readonly size: number;
}

/** A small number that is unique in a space. */
export interface NumberClaim extends ClaimBase {
  readonly type: "number";
  /** `vrid` is kept per VLAN of the Fabric, `priority` per cluster. */
  readonly space: { readonly kind: "vrid"; readonly network: string } | { readonly kind: "priority" };
  readonly first: number;
  readonly last: number;
}

export type Claim = AddressClaim | BlockClaim | NumberClaim;
