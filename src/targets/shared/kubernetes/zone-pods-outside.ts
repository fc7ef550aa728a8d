import type { Plan } from "../../../ir/plan.ts";
import type { UnsupportedFeature } from "../../target.ts";

/** Pods of a zone on external networks: where policies hold on every network of a pod, the zone's deny what is outside. */
export function findZonePodsOutside(plan: Plan): readonly UnsupportedFeature[] {
  const closed = new Set(plan.zones.filter((one) => !one.audit).flatMap((one) => one.namespaces));
  const external = new Set(plan.networks.filter((one) => one.role === "external").map((one) => one.intent));
  return plan.attachments
    .filter(({ network, workload }) => external.has(network) && closed.has(workload.namespace))
    .map(({ intent, origin: place }): UnsupportedFeature => ({ feature: "external", intent, place }));
}
