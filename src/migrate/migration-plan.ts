import type { EndpointState } from "./endpoint-state.ts";
import type { MigrationStep } from "./step.ts";
import type { StepsVerification } from "./verify-steps.ts";

/** Everything that is to be written about one cluster's way from one target to another. */
export interface MigrationPlan {
  readonly cluster: string;
  readonly from: readonly string[];
  readonly to: string;
  /** What moves, where that is not the whole cluster. */
  readonly intents: readonly string[];
  readonly before: EndpointState;
  readonly after: EndpointState;
  readonly steps: readonly MigrationStep[];
  readonly proof: StepsVerification;
  /** What the wanted target does not do, one sentence each. */
  readonly losses: readonly string[];
  /** What the platform lacks for it, and how to mend that, one sentence each. */
  readonly requirements: readonly string[];
  /** Of the output that stands now and of what is written here, as seen from the project: `out/main`, `migration/main`. */
  readonly outFolder: string;
  readonly folder: string;
}
