import type { Plan } from "../../ir/plan.ts";
import type { Place } from "../../source/place.ts";
import type { Feature } from "../../targets/target.ts";

/** Something that a plan needs of its target, at the line that needs it. */
export interface Need {
  readonly feature: Feature;
  readonly target: string;
  readonly place: Place;
  /** `a firewall pair`: completes "target … has no …". */
  readonly words: string;
}

/** What a plan needs, feature by feature. */
export function needsOf(plan: Plan): readonly Need[] {
  const needs: Need[] = [];
  const targetOf = new Map(plan.networks.map((network) => [network.intent, network.target]));
  for (const boundary of plan.boundaries)
    needs.push({ feature: "zone", target: boundary.target, place: boundary.origin, words: "isolation zones" });
  for (const { role, target, origin, link, variants } of plan.networks) {
    const need = (feature: Feature, words: string) => needs.push({ feature, target, place: origin, words });
    if (role === "external") need("external", "external networks");
    if (link.separation === "physical") need("zone-physical", "networks on an uplink of their own");
    if (link.separation === "overlay") need("zone-overlay", "overlay networks");
    if (variants.some((variant) => variant.ipam.mode === "dhcp")) need("dhcp", "addresses by dhcp");
  }
  for (const { addresses, network, origin, workload } of plan.attachments) {
    const target = targetOf.get(network) ?? "";
    if (addresses.length > 0)
      needs.push({ feature: "fixed-addresses", target, place: origin, words: "fixed addresses" });
    if (workload.kind === "VirtualMachine")
      needs.push({ feature: "virtual-machines", target, place: origin, words: "virtual machines" });
  }
  for (const { role, target, origin, tunnel } of plan.gateways) {
    if (role === "firewall") needs.push({ feature: "firewall", target, place: origin, words: "firewall pairs" });
    else
      needs.push({
        feature: tunnel?.type === "ipsec" ? "vpn-ipsec" : "vpn",
        target,
        place: origin,
        words: tunnel?.type === "ipsec" ? "IPsec tunnels" : "VPN egress",
      });
    if (tunnel?.destinations.some((one) => one.prefix === 0))
      needs.push({ feature: "vpn-all", target, place: origin, words: "tunnels for everything" });
  }
  return needs;
}
