import type { Manifest } from "../../../../ir/manifest.ts";
import type { Gateway, GatewayMember } from "../../../../ir/plan.ts";
import type { Platform } from "../../../../ir/project.ts";
import { buildMemberDeployment } from "./deployment.ts";
import {
  buildDisruptionBudget,
  buildGatewayConfigMap,
  buildGatewayPolicy,
  buildRulesetConfigMap,
  buildServiceAccount,
} from "./gateway-objects.ts";
import { type GatewayPodInterfaces, mergeInterfaces } from "./gateway-pod-interfaces.ts";

/**
 * Everything that a gateway runs on; of an adopted one nothing is ours. `legsOf`: how each target whose networks it joins
 * gives a member its legs.
 */
export function buildGatewayManifests(
  gateway: Gateway,
  platform: Platform,
  legsOf: (member: GatewayMember) => readonly GatewayPodInterfaces[],
): readonly Manifest[] {
  if (gateway.adopted.length > 0) return [];
  const members = gateway.members.map((member) => ({ member, legs: mergeInterfaces(legsOf(member)) }));
  const { bare = [], routes = [], onPolicy } = members[0]?.legs ?? {};
  return [
    ...buildServiceAccount(gateway, platform),
    buildRulesetConfigMap(gateway),
    buildGatewayConfigMap(gateway, { bare, routes }),
    buildGatewayPolicy(gateway, onPolicy),
    ...buildDisruptionBudget(gateway),
    ...members.map(({ member, legs }) => buildMemberDeployment(gateway, member, legs)),
  ];
}
