import type { Manifest } from "../../../../ir/manifest.ts";
import type { Gateway, GatewayMember } from "../../../../ir/plan.ts";
import type { Platform } from "../../../../ir/project.ts";
import { memberDeployment } from "./deployment.ts";
import { disruptionBudget, gatewayMap, gatewayPolicy, rulesMap, serviceAccount } from "./gateway-objects.ts";
import { type LegsOnPod, together } from "./legs-on-pod.ts";

/**
 * Everything that a gateway runs on; of an adopted one nothing is ours. `legsOf`: how each target whose networks it joins
 * gives a member its legs.
 */
export function gatewayManifests(
  gateway: Gateway,
  platform: Platform,
  legsOf: (member: GatewayMember) => readonly LegsOnPod[],
): readonly Manifest[] {
  if (gateway.adopted.length > 0) return [];
  const members = gateway.members.map((member) => ({ member, legs: together(legsOf(member)) }));
  const { bare = [], routes = [], onPolicy } = members[0]?.legs ?? {};
  return [
    ...serviceAccount(gateway, platform),
    rulesMap(gateway),
    gatewayMap(gateway, { bare, routes }),
    gatewayPolicy(gateway, onPolicy),
    ...disruptionBudget(gateway),
    ...members.map(({ member, legs }) => memberDeployment(gateway, member, legs)),
  ];
}
