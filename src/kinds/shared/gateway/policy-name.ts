import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { NodePlace } from "../../../source/place.ts";
import { gatewayRules } from "./rules.ts";

/** What targets call the policies that every zone has. */
const OWN = ["default-deny", "same-zone"];

/** A name from which a policy is made that allows traffic: nobody may take it for one of the zone's own. */
export function checkPolicyName(name: string, place: NodePlace): readonly Diagnostic[] {
  const policy = OWN.find((one) => one === name);
  return policy === undefined ? [] : [gatewayRules.diagnose("reserved-name", place, { name, policy })];
}
