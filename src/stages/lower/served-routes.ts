import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Plan } from "../../ir/plan.ts";
import { gatewayRules } from "../../kinds/shared/gateway/rules.ts";

/**
 * Routes that nobody gives to members: a DHCP server gives them its own. They would send what is for the gateway by eth0, or
 * nowhere.
 */
export function servedRoutes({ networks }: Plan): readonly Diagnostic[] {
  return networks.flatMap(({ intent, origin, variants }) => {
    const served = variants.filter((one) => one.ipam.mode === "dhcp" && !one.forwards);
    // What lies behind its own router, its own server knows.
    const route = served.flatMap((one) => one.routes).find((one) => one.intent !== intent);
    if (!route) return [];
    const related = [{ place: origin, label: "a DHCP server serves it" }];
    return [
      gatewayRules.diagnose("served-members", route.origin, { network: intent, gateway: route.intent }, { related }),
    ];
  });
}
