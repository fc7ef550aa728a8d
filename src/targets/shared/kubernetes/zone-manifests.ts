import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../../ir/manifest.ts";
import type { DefaultDenyZone, Plan, ZoneOpening } from "../../../ir/plan.ts";
import { buildAdminPolicy } from "./admin-policies.ts";
import { buildZonePolicies } from "./zone-policies.ts";

/**
 * What closes the default network of a zone's namespaces, but for its openings. `passed`: what its admin policy leaves to
 * policies of other networks, where it holds on those too.
 */
export function buildZoneManifests(
  boundary: DefaultDenyZone,
  plan: Plan,
  found: Diagnostic[],
  passed: readonly ZoneOpening[] = [],
): readonly Manifest[] {
  const { platform } = plan.cluster;
  const admin = passed.length > 0 ? { ...boundary, openings: [...boundary.openings, ...passed] } : boundary;
  return [...buildZonePolicies(boundary), ...buildAdminPolicy(admin, platform, found)];
}
