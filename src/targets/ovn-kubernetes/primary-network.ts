import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { DefaultDenyZone, Network, ZoneOpening } from "../../ir/plan.ts";
import type { Platform } from "../../ir/project.ts";
import type { Service } from "../../net/service.ts";
import { ovnRules } from "./rules.ts";

/** Must be on a Namespace from the moment that it is made; it can be added and taken away by nobody later. */
export const PRIMARY_LABEL = "k8s.ovn.org/primary-user-defined-network";

/**
 * A zone's boundary on its overlay, which is its pods' main network: nobody of another network is there, so only the zone
 * itself, the world outside and the resolver can be open.
 */
export function adaptToPrimaryNetwork(boundary: DefaultDenyZone, platform: Platform): DefaultDenyZone {
  const own = new Set(boundary.namespaces);
  const openings = boundary.openings.map((opening) => {
    const { peer } = opening;
    return peer.type === "cidrs" || peer.names.every((name) => own.has(name)) ? opening : byService(opening, platform);
  });
  return { ...boundary, openings };
}

const DNS: readonly Service[] = (["udp", "tcp"] as const).map((protocol) => ({ protocol, first: 53, last: 53 }));

/**
 * The resolver stands on the default network and is reached by the address of its Service alone, which the nodes
 * translate (upstream: `udn-allowed-default-services`). A policy sees that address, and never the resolver's pods.
 */
function byService(opening: ZoneOpening, platform: Platform): ZoneOpening {
  return { ...opening, peer: { type: "cidrs", cidrs: platform.podNetwork.serviceCidrs }, services: DNS };
}

/** What a zone asks for that an overlay has not, since it is no network beside eth0 but in place of it. */
export function checkPrimaryNetwork(network: Network, boundary: DefaultDenyZone, found: Diagnostic[]): void {
  const refuse = (what: string) =>
    found.push(ovnRules.diagnose("not-on-overlay", boundary.origin, { what, network: network.intent }));
  if (!boundary.manageNamespaces)
    found.push(ovnRules.diagnose("namespace-not-managed", boundary.origin, { zone: boundary.name }));
  if (boundary.audit) refuse("`enforcement: audit`");
  if (!boundary.openings.some((one) => one.name === "same-zone")) refuse("`sameZone: false`");
}
