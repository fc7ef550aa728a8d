import type { RuleTable } from "../diagnostics/rules.ts";
import type { Lowered } from "../ir/manifest.ts";
import type { Plan } from "../ir/plan.ts";

/** What an intent may need of a target. */
export const features = [
  "zone",
  "zone-physical",
  "zone-overlay",
  "fixed-addresses",
  "own-range",
  "dhcp",
  "external",
  "firewall",
  "vpn",
  "vpn-all",
  "vpn-ipsec",
  "virtual-machines",
] as const;

export type Feature = (typeof features)[number];

/** One way to spell a plan. A target knows no kind; a kind knows no target. */
export interface Target {
  readonly name: string;
  readonly summary: string;
  /** `stable`, or `experimental` behind the project's flag. */
  readonly maturity: "stable" | "experimental";
  readonly supports: readonly Feature[];
  readonly rules: RuleTable;
  lower(plan: Plan): Lowered;
}
