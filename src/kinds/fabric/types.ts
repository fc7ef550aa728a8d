import type { CommonSpec, LabelSelector } from "../../ir/intent.ts";

export interface FabricSpec extends Omit<CommonSpec, "clusters"> {
  readonly clusters: readonly string[];
  readonly uplinks: readonly UplinkSpec[];
  readonly pools?: readonly PoolSpec[];
  /** Part of every shared subnet that a cluster gives addresses from: `1/4`. */
  readonly shares?: Readonly<Record<string, string>>;
}

export interface UplinkSpec {
  readonly name: string;
  readonly interface?: string;
  readonly bridge?: string;
  readonly vlanInterface?: string;
  readonly mtu?: number;
  readonly vlans?: readonly string[];
  readonly nativeVlan?: number;
  readonly nodes?: LabelSelector;
  readonly attach?: "macvlan" | "ipvlan" | "bridge" | "sriov" | "ovs";
  readonly resourceName?: string;
  readonly physicalNetwork?: string;
}

export interface PoolSpec {
  readonly name: string;
  readonly cidr: string;
  readonly prefixLength: number;
}
