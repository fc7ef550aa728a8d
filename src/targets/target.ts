import type { RuleTable } from "../diagnostics/rules.ts";
import type { LoweredObjects } from "../ir/manifest.ts";
import type { DefaultDenyZone, Gateway, GatewayMember, Plan } from "../ir/plan.ts";
import type { Feature, Support } from "../schema/features.ts";
import type { Place } from "../source/place.ts";
import type { GatewayPodInterfaces } from "./shared/kubernetes/gateway/gateway-pod-interfaces.ts";

/** Something that an intent asks for and a target has only in part. */
export interface UnsupportedFeature {
  readonly feature: Feature;
  readonly intent: string;
  readonly place: Place;
  /** What exactly is not to be had, where the note of the feature does not say it. */
  readonly why?: string;
  /** What to type so that the target has it. */
  readonly help?: string;
}

/** What a part of a plan has to do with the parts of other targets: a gateway may join networks of several. */
export interface LowerContext {
  /** The borders of all targets: what is guarded in a cluster is guarded for every zone. */
  readonly zones: readonly DefaultDenyZone[];
  /** Gateways that other targets write, each with its legs on networks of this one. */
  readonly foreignGateways: readonly Gateway[];
  /** The legs that a gateway of this target has on networks of others, for the pod of a member. */
  crossTargetInterfaces(gateway: Gateway, member: GatewayMember): readonly GatewayPodInterfaces[];
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
  findUnsupported?(plan: Plan): readonly UnsupportedFeature[];
  readonly rules: RuleTable;
  /** Is given only what it supports, and what of a loss that the project accepts cannot be taken out of a plan. */
  lower(plan: Plan, beside: LowerContext): LoweredObjects;
  /**
   * How legs on its networks are put on the pod of a gateway that another target writes, given its part of a plan; the
   * gateway has no other legs then. A target without it has no feature `legs`.
   */
  createInterfaceBuilder?(plan: Plan): (gateway: Gateway, member: GatewayMember) => GatewayPodInterfaces;
  /** A default route is the only one that its attachments carry. */
  readonly defaultRouteOnly?: true;
  /** The platform's own plugin attaches pods, whatever `attach` of an uplink says. */
  readonly ownAttachment?: true;
}
