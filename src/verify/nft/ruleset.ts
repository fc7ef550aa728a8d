import type { Family } from "../../net/address.ts";
import type { Place } from "../../source/place.ts";
import type { AddressSet } from "../headerspace/address-set.ts";
import type { ServiceSet } from "../headerspace/service-set.ts";

/** What the kernel has when the files of a gateway are loaded, in the part that the templates use. */
export interface Ruleset {
  readonly tables: readonly Table[];
}

export interface Table {
  /** `inet`, `ip`, `ip6`. */
  readonly family: "inet" | "ip" | "ip6";
  readonly name: string;
  readonly chains: ReadonlyMap<string, Chain>;
}

export type Hook = "prerouting" | "input" | "forward" | "output" | "postrouting";

export interface Chain {
  readonly name: string;
  /** Absent for a chain that others jump to. */
  readonly base: BaseChain | undefined;
  readonly rules: readonly NftRule[];
}

export interface BaseChain {
  readonly type: "filter" | "nat";
  readonly hook: Hook;
  readonly priority: number;
  readonly policy: "accept" | "drop";
}

export type ConnectionState = "new" | "established" | "related" | "invalid" | "untracked";

export interface NftRule {
  readonly place: Place;
  /** The line as it is written. */
  readonly text: string;
  readonly match: Match;
  readonly statement: Statement;
}

/** Everything must hold. An absent field matches all. */
export interface Match {
  readonly families?: readonly Family[];
  readonly incoming?: InterfaceMatch;
  readonly outgoing?: InterfaceMatch;
  readonly sources?: AddressSet;
  readonly destinations?: AddressSet;
  readonly services?: ServiceSet;
  readonly states?: readonly ConnectionState[];
  /** `ct status dnat`: only packets whose destination was translated. */
  readonly translated?: boolean;
  /** A limit: the rule may or may not match. */
  readonly sometimes?: boolean;
}

export interface InterfaceMatch {
  readonly not: boolean;
  /** A name may end in `*`. */
  readonly names: readonly string[];
}

export type Statement =
  | { readonly type: "none" }
  /** `maxseg size set rt mtu`, or a number of bytes. */
  | { readonly type: "clamp"; readonly to: "route" | number }
  | { readonly type: "verdict"; readonly verdict: Verdict }
  | { readonly type: "states"; readonly verdicts: ReadonlyMap<ConnectionState, Verdict> }
  | { readonly type: "masquerade" }
  | { readonly type: "source"; readonly to: AddressSet }
  | { readonly type: "destination"; readonly to: AddressSet; readonly port: number | undefined };

export type Verdict =
  | { readonly type: "accept" | "drop" | "return" }
  | { readonly type: "jump" | "goto"; readonly chain: string };
