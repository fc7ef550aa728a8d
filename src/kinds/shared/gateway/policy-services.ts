import type { Service } from "../../../net/service.ts";
import type { NodePlace } from "../../../source/place.ts";
import type { PlanBuilder } from "../../plan-builder.ts";
import { gatewayRules } from "./rules.ts";

/**
 * Services as policies can say them. They have no word for ICMP: then the peer's addresses are open altogether, and
 * that is said; the gateway's own ruleset stays exact.
 */
export function toPolicyServices(
  services: readonly Service[],
  place: (index: number) => NodePlace,
  peer: string,
  plan: PlanBuilder,
): readonly Service[] {
  const icmp = services.findIndex((service) => service.protocol === "icmp");
  if (icmp < 0) return services;
  plan.report(gatewayRules.diagnose("icmp-opens-all", place(icmp), { peer }));
  return [];
}
