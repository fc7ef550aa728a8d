import type { CommonSpec } from "../../ir/intent.ts";
import type { NetworkSpec, Separation, WrittenMember } from "../../ir/network-spec.ts";

export interface ExternalNetworkSpec extends CommonSpec {
  readonly network: NetworkSpec & {
    readonly separation?: Separation;
    readonly pods?: readonly string[];
  };
  readonly gateway?: string | readonly string[];
  readonly routes?: readonly { readonly to: string }[];
  readonly internet?: boolean;
  readonly hosts?: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly members?: readonly WrittenMember[];
  readonly memberTraffic?: "hostsOnly" | "all";
}
