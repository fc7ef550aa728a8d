import type { Fabric, Uplink } from "../ir/fabric.ts";
import type { Cluster } from "../ir/project.ts";
import type { Segment } from "../kinds/plan-builder.ts";
import type { NetworkRequest } from "../kinds/shared/claims.ts";
import type { Cidr } from "../net/cidr.ts";
import type { AddressRange } from "../net/range.ts";

/** A network in one cluster while the plan is made. */
export interface SegmentState extends Segment {
  readonly cluster: Cluster;
  readonly fabric: Fabric;
  readonly uplink: Uplink | undefined;
  readonly reserved: readonly AddressRange[];
  /** By subnet: what this cluster gives out, less reserved addresses. */
  readonly free: ReadonlyMap<Cidr, readonly AddressRange[]>;
}

/** A wish in one cluster, with the Fabric it lands on. */
export interface PlacedRequest {
  readonly request: NetworkRequest;
  readonly cluster: Cluster;
  readonly fabric: Fabric;
}

/** Prefix of the lock keys of an intent on a Fabric. */
export function formatFabricPrefix(fabric: Fabric, id: string): string {
  return `fabric/${fabric.name}/${id}`;
}

/** The same key under the name that the intent had. */
export function formatFormerKey(key: string, id: string, formerName: string | undefined): string | undefined {
  if (formerName === undefined) return undefined;
  return key.replace(`/${id}/`, `/${id.slice(0, id.indexOf("/"))}/${formerName}/`);
}
