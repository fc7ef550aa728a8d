import type { PodClaim } from "../../ir/manifest.ts";
import type { Network, Ownership } from "../../ir/plan.ts";
import { hashContent } from "../../net/hash.ts";
import { formatObjectName } from "../../net/name.ts";

type Json = Readonly<Record<string, unknown>>;

/** A template of claims: every pod that names it gets devices of its own. */
export interface ClaimTemplate {
  readonly name: string;
  readonly namespace: string;
  readonly owner: Ownership;
  /** Relative to the cluster's folder. */
  readonly file: string;
  /** `spec.devices` of resource.k8s.io/v1 ResourceClaimSpec. */
  readonly devices: Json;
}

/** A template can't be changed (resource.k8s.io/v1), so its name says what it holds: a change makes another one, and rolls the pods. */
export function formatClaimName(network: Network, piece: string, contents: readonly Json[]): string {
  return formatObjectName([network.role, network.name, piece, hashContent(JSON.stringify(contents), 8)]);
}

/** How a pod names a template. A request has a DNS label, so interfaces with dots are spelt with dashes. */
export function buildPodClaim(inner: string, template: string, inContainer: boolean): PodClaim {
  return { name: inner.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, ""), template, inContainer };
}
