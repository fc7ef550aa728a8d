import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Network } from "../../ir/plan.ts";
import { ovnRules } from "./rules.ts";

/** What a network on a VLAN or an uplink must have before OVN can connect pods to it. */
export function checkLocalnet(network: Network, found: Diagnostic[]): void {
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
  if (variants.some((variant) => variant.forwards))
    found.push(ovnRules.diagnose("no-legs", origin, { network: intent }));
}
