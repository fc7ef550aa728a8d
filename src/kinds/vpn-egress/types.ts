import type { CommonSpec, LabelSelector, Party } from "../../ir/intent.ts";
import type { AvailabilitySpec, NetworkSpec, PodSpec } from "../../ir/network-spec.ts";
import type { WorkloadRef } from "../../ir/workload.ts";
import type { PodNetworkSpec } from "../isolation-zone/types.ts";

export interface VpnEgressSpec extends CommonSpec {
  readonly namespace: string;
  readonly manageNamespace?: boolean;
  /** The zone is always there once the intent stands in full: see derive.ts. */
  readonly clients: { readonly zone: string; readonly selector?: LabelSelector; readonly workload?: WorkloadRef };
  readonly inbound?: readonly InboundSpec[];
  readonly podNetwork?: PodNetworkSpec;
  readonly destinations: readonly string[];
  readonly ports?: readonly string[];
  readonly wireguard?: WireGuardSpec;
  readonly ipsec?: IpsecSpec;
  readonly dns?: { readonly servers: readonly string[] };
  readonly network?: NetworkSpec & { readonly separation?: "physical" | "vlan" | "overlay" };
  readonly addresses?: readonly (string | readonly string[])[];
  readonly virtualAddress?: string | readonly string[];
  readonly availability?: AvailabilitySpec;
  readonly pod?: PodSpec;
  /** Always there once the intent was checked. */
  readonly image?: string;
}

export interface InboundSpec {
  readonly port: string;
  readonly to?: Pick<Party, "workload">;
}

export interface SecretKeySpec {
  readonly secret: string;
  readonly key: string;
}

export interface WireGuardSpec {
  readonly endpoint: string;
  readonly publicKey: string;
  readonly addresses: readonly string[];
  readonly privateKeyFrom: SecretKeySpec;
  readonly presharedKeyFrom?: SecretKeySpec;
  readonly keepaliveSeconds?: number;
}

export interface IpsecSpec {
  readonly remote: string;
  readonly localId: string;
  readonly remoteId: string;
  readonly addresses: readonly string[];
  readonly pskFrom?: SecretKeySpec;
  readonly certificateFrom?: SecretKeySpec;
  readonly proposals?: readonly string[];
}
