import type { RuleTable } from "../diagnostics/rules.ts";
import type { Lowered } from "../ir/manifest.ts";
import type { Plan } from "../ir/plan.ts";
import type { Place } from "../source/place.ts";
import type { Feature, Support } from "./features.ts";

/** Something that an intent asks for and a target has only in part. */
export interface Lack {
  readonly feature: Feature;
  readonly intent: string;
  readonly place: Place;
}

/** One way to spell a plan. A target knows no kind; a kind knows no target. */
export interface Target {
  readonly name: string;
  readonly summary: string;
  /** `stable`, or `experimental` behind the project's flag. */
  readonly maturity: "stable" | "experimental";
  /** What is absent is refused at the line that needs it, or left out where the project accepts the loss. */
  readonly supports: Readonly<Partial<Record<Feature, Support>>>;
  /** What `partly` and `experimental` mean, or why there is nothing: below the table of targets, and where it is refused. */
  readonly notes?: Readonly<Partial<Record<Feature, string>>>;
  /** What of a plan is beyond what it supports `partly`: refused or lost like what it does not support at all. */
  lacks?(plan: Plan): readonly Lack[];
  readonly rules: RuleTable;
  /** Is given only what it supports, and what of a loss that the project accepts cannot be taken out of a plan. */
  lower(plan: Plan): Lowered;
}
