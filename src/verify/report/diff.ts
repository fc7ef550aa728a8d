import type { ConnectionChange } from "./connection-changes.ts";
import type { IsolationChange } from "./isolation-changes.ts";
import type { NetworkChange } from "./network-changes.ts";
import type { ObjectChange } from "./object-changes.ts";
import type { AdmissionPolicyChange } from "./policy-changes.ts";

/** What changes between two outputs: in objects, in networks, and in who reaches whom. */
export interface Difference {
  /** Namespaces that enter or leave a zone, and zones that start or stop to enforce. */
  readonly isolation: readonly IsolationChange[];
  readonly objects: readonly ObjectChange[];
  /** VLANs, uplinks, subnets and MTUs of networks that are on both sides. */
  readonly networks: readonly NetworkChange[];
  /** Networks of others that guards of zones let pods join from now on, or no longer. */
  readonly guards: readonly AdmissionPolicyChange[];
  readonly connections: readonly ConnectionChange[];
  /** What the second side cannot do that the first can, one sentence each with its line; between targets only. */
  readonly losses: readonly Loss[];
}

export interface Loss {
  /** `target/unsupported`. */
  readonly code: string;
  readonly text: string;
  /** `intents/pairs/edge.yaml:7`. */
  readonly at: string | undefined;
  /** The intent that was left out for it: nothing of it is in the comparison. */
  readonly leftOut: string | undefined;
  /** Intents that hang on that one, and are left out with it. */
  readonly alsoLeftOut: readonly string[];
}
