import type { MemberSpec } from "../../../ir/network-spec.ts";
import type { WorkloadRef } from "../../../ir/workload.ts";
import type { OutsideSpec } from "../outside.ts";

/** One entry: who may connect to whom, or each of two to the other. */
export interface TrafficEntry {
  readonly from?: TrafficParty;
  readonly to?: TrafficParty;
  readonly between?: readonly TrafficParty[];
  readonly ports?: readonly string[];
}

/** Somebody on the network; exactly one of its keys is there. */
export interface TrafficParty {
  /** Its kind is filled in where the intent leaves it out (`completeWorkloadKinds`). */
  readonly workload?: WorkloadRef;
  readonly host?: string;
  readonly cidr?: string;
  readonly all?: boolean;
}

/** A network whose members may be limited to some traffic. */
export interface TrafficSpec extends OutsideSpec {
  readonly members?: readonly MemberSpec[];
  readonly traffic?: readonly TrafficEntry[];
}
