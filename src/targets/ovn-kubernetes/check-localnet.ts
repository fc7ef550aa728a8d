import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Network, Plan } from "../../ir/plan.ts";
import { ovnRules } from "./rules.ts";

/** What a network on a VLAN or an uplink must have before OVN can connect pods to it. */
export function checkLocalnet(network: Network, plan: Plan, found: Diagnostic[]): void {
  const { link, intent, origin, variants } = network;
  if (link.physicalNetwork === undefined)
    found.push(
      ovnRules.diagnose(
        "no-physical-network",
        link.place ?? origin,
        { uplink: link.uplink ?? "" },
        { related: link.place ? [{ place: origin, label: "needed by this network" }] : [] },
      ),
    );
  // A gateway of our own is refused as a whole.
  const own = new Set(plan.gateways.flatMap((gateway) => gateway.legs.map((leg) => leg.variant)));
  if (variants.some((variant) => variant.forwards && !own.has(variant.name)))
    found.push(ovnRules.diagnose("no-legs", origin, { network: intent }));
}
