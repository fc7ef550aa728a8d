import type { Address, Family } from "../../../net/address.ts";
import type { Cidr, InterfaceAddress } from "../../../net/cidr.ts";
import type { Place } from "../../../source/place.ts";
import type { Ruleset } from "../../nft/ruleset.ts";
import type { VrrpInstance } from "./keepalived.ts";

/** What the containers of a gateway bring about in its network namespace, once they have started. */
export interface Runtime {
  /** Undefined: no rules at all, everything passes. */
  readonly ruleset: Ruleset | undefined;
  readonly rulesAt: Place | undefined;
  readonly addresses: readonly RuntimeAddress[];
  readonly routes: readonly RuntimeRoute[];
  readonly tunnels: ReadonlyMap<string, RuntimeTunnel>;
  readonly vrrp: readonly VrrpInstance[];
  /** Names of the instances that move together. */
  readonly groups: readonly (readonly string[])[];
  /** Why it is open for a moment before it filters. */
  readonly early: readonly string[];
  /** Instances that send from an address that their interface does not have. */
  readonly misplaced: readonly string[];
}

export interface RuntimeAddress {
  readonly address: InterfaceAddress;
  readonly interface: string;
  /** Taken by whichever member is active. */
  readonly virtual: boolean;
}

export interface RuntimeRoute {
  readonly to: Cidr;
  readonly via: Address | undefined;
  /** Undefined: unreachable. */
  readonly interface: string | undefined;
  readonly metric: number;
  /** A table of its own that is asked before the default route of the main table. */
  readonly own: boolean;
}

export interface RuntimeTunnel {
  readonly interface: string;
  readonly mtu: number;
  /** Destinations that it takes. */
  readonly allowed: readonly Cidr[];
  /** Sources that it takes; undefined: all. */
  readonly sources: readonly Cidr[] | undefined;
  /** Where its own packets go, in UDP. */
  readonly endpoint: { readonly address: Address; readonly ports: readonly number[] } | undefined;
  /** What tells the peer from others: its key, or the names of both. */
  readonly identity: readonly string[];
  readonly place: Place;
}

export const noRuntime: Runtime = {
  ruleset: undefined,
  rulesAt: undefined,
  addresses: [],
  routes: [],
  tunnels: new Map(),
  vrrp: [],
  groups: [],
  early: [],
  misplaced: [],
};

/** The families whose tables of their own are asked. */
export type RuledTables = ReadonlySet<`${Family} ${string}`>;
