import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../../ir/manifest.ts";
import type { Boundary, Opening, Plan } from "../../../ir/plan.ts";
import { adminPolicy } from "./admin-policies.ts";
import { zonePolicies } from "./zone-policies.ts";

/**
 * What closes the default network of a zone's namespaces, but for its openings. `passed`: what its admin policy leaves to
 * policies of other networks, where it holds on those too.
 */
export function boundaryManifests(
  boundary: Boundary,
  plan: Plan,
  found: Diagnostic[],
  passed: readonly Opening[] = [],
): readonly Manifest[] {
  const { platform } = plan.cluster;
  const admin = passed.length > 0 ? { ...boundary, openings: [...boundary.openings, ...passed] } : boundary;
  return [...zonePolicies(boundary), ...adminPolicy(admin, platform, found)];
}
