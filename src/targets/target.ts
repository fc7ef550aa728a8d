import type { RuleTable } from "../diagnostics/rules.ts";
import type { Lowered } from "../ir/manifest.ts";
import type { Plan } from "../ir/plan.ts";
import type { Feature, Support } from "./features.ts";

/** One way to spell a plan. A target knows no kind; a kind knows no target. */
export interface Target {
  readonly name: string;
  readonly summary: string;
  /** `stable`, or `experimental` behind the project's flag. */
  readonly maturity: "stable" | "experimental";
  /** What is absent is refused at the line that needs it, or left out where the project accepts the loss. */
  readonly supports: Readonly<Partial<Record<Feature, Support>>>;
  /** What `partly` and `experimental` mean, below the table of targets. */
  readonly notes?: Readonly<Partial<Record<Feature, string>>>;
  readonly rules: RuleTable;
  /** Is given only what it supports, and what of a loss that the project accepts cannot be taken out of a plan. */
  lower(plan: Plan): Lowered;
}
