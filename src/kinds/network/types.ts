import type { CommonSpec } from "../../ir/intent.ts";
import type { NetworkSpec } from "../../ir/network-spec.ts";
import type { TrafficSpec } from "../shared/traffic/types.ts";

export interface NetworkKindSpec extends CommonSpec, TrafficSpec {
  readonly network: NetworkSpec & {
    readonly separation?: "vlan" | "physical" | "shared";
    readonly pods?: readonly string[];
  };
}
