import type { AdoptedGateway } from "../../ir/expects.ts";
import type { Instance } from "../../ir/intent.ts";
import type { Plan } from "../../ir/plan.ts";
import { byId } from "../shared/by-id.ts";
import type { FirewallPairSpec } from "./types.ts";

/** The pods that somebody else builds for a pair, and the addresses that the active one of them answers for. */
export function adoptedGateways(instance: Instance<FirewallPairSpec>, plan: Plan): readonly AdoptedGateway[] {
  const { intent, spec } = instance;
  const nodes = (spec.adopt ?? []).map((one) => `${one.kind} ${one.namespace}/${one.name}`);
  const legs = byId(plan.gateways, (one) => one.intent).get(intent.id)?.legs ?? [];
  const virtual = legs.flatMap((leg) => leg.virtualAddresses.map((one) => one.address));
  return nodes.length > 0 ? [{ intent: intent.id, nodes, virtual }] : [];
}
