import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Network } from "../../ir/plan.ts";
import { ovnRules } from "./rules.ts";

/** What a network on a VLAN or an uplink must have before OVN can connect pods to it. */
export function checkLocalnet({ link, origin }: Network, found: Diagnostic[]): void {
  if (link.physicalNetwork === undefined)
    found.push(
      ovnRules.diagnose(
        "no-physical-network",
        link.place ?? origin,
        { uplink: link.uplink ?? "" },
        { related: link.place ? [{ place: origin, label: "needed by this network" }] : [] },
      ),
    );
}
