import type { CommonSpec, LabelSelector } from "../../ir/intent.ts";
import type { NetworkSpec, WrittenMember } from "../../ir/network-spec.ts";

export interface IsolationZoneSpec extends CommonSpec {
  readonly namespaces: readonly string[];
  readonly manageNamespaces?: boolean;
  readonly members?: readonly WrittenMember[];
  readonly network: NetworkSpec & { readonly separation: "physical" | "vlan" | "overlay" };
  readonly podNetwork?: PodNetworkSpec;
  readonly allowCapabilities?: readonly "NET_RAW"[];
  readonly enforcement?: "audit" | "enforce";
}

export interface PodNetworkSpec {
  readonly dns?: boolean;
  readonly sameZone?: boolean;
  readonly allow?: readonly OpeningSpec[];
}

export interface OpeningSpec {
  readonly direction: "ingress" | "egress";
  readonly from?: OpeningPeerSpec;
  readonly to?: OpeningPeerSpec;
  readonly ports?: readonly string[];
}

export interface OpeningPeerSpec {
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly cidr?: string;
  readonly internet?: boolean;
  readonly apiServer?: boolean;
  readonly hostNetwork?: boolean;
}
