import type { Manifest } from "../../../ir/manifest.ts";
import type { Gateway, GatewayMember } from "../../../ir/plan.ts";
import type { Platform } from "../../../ir/project.ts";
import { type LegsOnPod, memberDeployment } from "./deployment.ts";
import { disruptionBudget, gatewayMap, gatewayPolicy, rulesMap, serviceAccount } from "./gateway-objects.ts";

/** Everything that a gateway runs on; of an adopted one nothing is ours. `legsOf`: how a target gives a member its legs. */
export function gatewayManifests(
  gateway: Gateway,
  platform: Platform,
  legsOf: (member: GatewayMember) => LegsOnPod,
): readonly Manifest[] {
  if (gateway.adopted.length > 0) return [];
  return [
    ...serviceAccount(gateway, platform),
    rulesMap(gateway),
    gatewayMap(gateway),
    gatewayPolicy(gateway),
    ...disruptionBudget(gateway),
    ...gateway.members.map((member) => memberDeployment(gateway, member, legsOf(member))),
  ];
}
