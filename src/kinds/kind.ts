import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { RuleTable } from "../diagnostics/rules.ts";
import type { ExpectedCheck, ExternalDevices, ExternallyManagedGateway } from "../ir/expects.ts";
import type { Fabric } from "../ir/fabric.ts";
import type { Instance, Intent, Party } from "../ir/intent.ts";
import type { Plan } from "../ir/plan.ts";
import type { Project } from "../ir/project.ts";
import type { Workloads } from "../ir/workload.ts";
import type { Validator } from "../schema/check-value.ts";
import type { Schema } from "../schema/schema.ts";
import type { NodePlace } from "../source/place.ts";
import type { ClaimContext, IntentContext, PlanBuilder } from "./plan-builder.ts";
import type { Claim, NetworkRequest } from "./shared/claims.ts";

/** A name that must be that of another intent. */
export interface IntentReference {
  /** Kind that is meant: `IsolationZone`. */
  readonly kind: string;
  readonly name: string;
  readonly from: NodePlace;
}

/** A party as some intent names it, to be resolved when all intents are known. */
export interface NamedParty {
  readonly party: Party;
  readonly from: NodePlace;
}

export interface NetworkRequests {
  readonly networks: readonly NetworkRequest[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What is known before names are resolved. */
export interface DeriveContext {
  readonly workloads: Workloads;
  readonly project: Pick<Project, "doc" | "defaults">;
}

/** What stands in place of an instance. */
export interface DerivedIntents {
  readonly instances: readonly Instance[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What an intent kind is. Every hook is pure and asks only what it is given. */
export interface Kind<Spec = unknown> {
  /** `IsolationZone`. */
  readonly name: string;
  /** Folder of out/ that its files go to. */
  readonly folder: string;
  /** One line for `plumbline schema` and the docs. */
  readonly summary: string;
  readonly schema: Schema;
  readonly validate: Validator;
  readonly rules: RuleTable;
  /** Whether `target` of an intent changes anything: not where a kind writes nothing itself. */
  readonly hasTarget: boolean;
  /**
   * What an instance stands for where it is short for several: itself in other words, and intents of other kinds. Asked
   * before anything else. `others`: all instances of the cluster.
   */
  derive?(instance: Instance<Spec>, others: readonly Instance[], scene: DeriveContext): DerivedIntents;
  /** What one instance says wrong by itself. */
  check(instance: Instance<Spec>): readonly Diagnostic[];
  /** Names of other intents that it needs. */
  references(instance: Instance<Spec>): readonly IntentReference[];
  /** Ends of its rules and openings. */
  parties(instance: Instance<Spec>): readonly NamedParty[];
  /** The physical network that it describes. */
  fabric?(intent: Intent<Spec>): Fabric;
  /** Layer-2 networks that it needs in a cluster. */
  networks(instance: Instance<Spec>, scene: IntentContext): NetworkRequests;
  /** Values that it needs given out, once the networks have VLANs and subnets. */
  claims(instance: Instance<Spec>, sites: ClaimContext): readonly Claim[];
  /** What it adds to the plan of a cluster, once everything is given out. */
  contribute(instance: Instance<Spec>, plan: PlanBuilder): void;
  /**
   * What it adds to the plan of another cluster on the same Fabric, in which it does not stand itself. `home` is asked of
   * what only its own cluster has; what is written to it, or reported, is lost: the kind has said it there.
   */
  contributeToPeers?(instance: Instance<Spec>, plan: PlanBuilder, home: PlanBuilder): void;
  /** Machines of its networks that no manifest knows. */
  devices?(instance: Instance<Spec>, plan: Plan): readonly ExternalDevices[];
  /** Gateways that somebody else builds. */
  adopted?(instance: Instance<Spec>, plan: Plan): readonly ExternallyManagedGateway[];
  /** What must hold of the traffic. `devices`: those of all intents of the cluster. */
  checks?(instance: Instance<Spec>, plan: Plan, devices: readonly ExternalDevices[]): readonly ExpectedCheck[];
}

const nothing = (): readonly never[] => [];

/** Hooks that a kind does not need do nothing. Ties them to one Spec at compile time, then forgets the Spec. */
export function defineKind<Spec>(
  kind: Pick<Kind<Spec>, "name" | "folder" | "summary" | "schema" | "validate" | "rules"> & Partial<Kind<Spec>>,
): Kind {
  const whole: Kind<Spec> = {
    hasTarget: true,
    check: nothing,
    references: nothing,
    parties: nothing,
    networks: () => ({ networks: [], diagnostics: [] }),
    claims: nothing,
    contribute: () => undefined,
    ...kind,
  };
  return whole as unknown as Kind;
}
