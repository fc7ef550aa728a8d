import type { Cidr } from "../net/cidr.ts";
import type { VlanRange } from "../net/vlan.ts";
import type { NodePlace, SourceDocument } from "../source/place.ts";
import type { LabelSelector } from "./intent.ts";
import type { Attach } from "./plan.ts";

/** A Fabric with every default filled in. */
export interface Fabric {
  readonly name: string;
  readonly doc: SourceDocument;
  readonly clusters: readonly string[];
  readonly uplinks: ReadonlyMap<string, Uplink>;
  /** By cluster, where `overrides` say that its uplinks are others. VLANs are the same everywhere. */
  readonly uplinksOf: ReadonlyMap<string, ReadonlyMap<string, Uplink>>;
  readonly pools: ReadonlyMap<string, Pool>;
  /** Of the names, for suggestions and order. */
  readonly poolOrder: readonly string[];
  /** Denominator of the part of a shared subnet: 8 for 1/8. By cluster. */
  readonly shares: ReadonlyMap<string, number>;
}

export interface Uplink {
  readonly name: string;
  /** Undefined: the link of the nodes' default route, or not known because a bridge is on it. */
  readonly interface: string | undefined;
  /** A bridge that the nodes have already. */
  readonly bridge: string | undefined;
  readonly vlanInterface: string;
  readonly mtu: number;
  readonly vlans: readonly VlanRange[];
  /** The VLAN that its untagged frames belong to. */
  readonly nativeVlan: number;
  readonly nodes: LabelSelector | undefined;
  readonly attach: Exclude<Attach, "overlay">;
  readonly resourceName: string | undefined;
  readonly physicalNetwork: string | undefined;
  readonly place: NodePlace;
}

export interface Pool {
  readonly name: string;
  readonly cidr: Cidr;
  readonly prefixLength: number;
  readonly place: NodePlace;
}

/** Name of the link that carries a VLAN of an uplink; the uplink itself when untagged. */
export function formatVlanInterface(
  uplink: Pick<Uplink, "interface" | "vlanInterface">,
  vlan: number | undefined,
): string | undefined {
  if (vlan === undefined || uplink.interface === undefined) return uplink.interface;
  return uplink.vlanInterface.replaceAll("{interface}", uplink.interface).replaceAll("{vlan}", String(vlan));
}

/** What a cluster is on that no Fabric names: nothing to attach to, nothing to allocate from. */
export function createEmptyFabric(cluster: string, doc: SourceDocument): Fabric {
  return {
    name: `none-${cluster}`,
    doc,
    clusters: [cluster],
    uplinks: new Map(),
    uplinksOf: new Map(),
    pools: new Map(),
    poolOrder: [],
    shares: new Map(),
  };
}
