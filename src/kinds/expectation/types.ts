import type { CommonSpec, Party } from "../../ir/intent.ts";

export interface ExpectationSpec extends CommonSpec {
  readonly checks: readonly CheckSpec[];
}

export interface CheckSpec {
  readonly from: Party;
  readonly to: Party;
  readonly ports?: readonly string[];
  readonly expect: "allowed" | "denied";
  /** Names of FirewallPairs or VpnEgresses, in the order of the path. */
  readonly through?: readonly string[];
}
