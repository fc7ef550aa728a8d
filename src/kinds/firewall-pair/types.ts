import type { CommonSpec, Party } from "../../ir/intent.ts";
import type { AvailabilitySpec, PodSpec } from "../../ir/network-spec.ts";

export interface FirewallPairSpec extends CommonSpec {
  readonly namespace: string;
  readonly manageNamespace?: boolean;
  readonly legs: readonly LegSpec[];
  readonly rules: readonly FirewallRuleSpec[];
  readonly availability?: AvailabilitySpec;
  readonly image?: string;
  readonly pod?: PodSpec;
  readonly adopt?: readonly { readonly namespace: string; readonly kind: string; readonly name: string }[];
}

export interface LegSpec {
  readonly name: string;
  readonly zone?: string;
  readonly external?: string;
  readonly addresses?: readonly (string | readonly string[])[];
  readonly virtualAddress?: string | readonly string[];
  readonly nat?: "none" | "virtualAddress" | "masquerade";
  readonly interface?: string;
}

export interface FirewallRuleSpec {
  readonly name: string;
  readonly from: Party;
  readonly to: Party;
  readonly ports?: readonly string[];
  readonly log?: boolean;
  readonly publish?: { readonly address: string; readonly port: number };
}
