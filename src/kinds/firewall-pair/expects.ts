import type { ExternallyManagedGateway } from "../../ir/expects.ts";
import type { Instance } from "../../ir/intent.ts";
import type { Plan } from "../../ir/plan.ts";
import { indexById } from "../shared/by-id.ts";
import type { FirewallPairSpec } from "./types.ts";

/** The pods that somebody else builds for a pair, and the addresses that the active one of them answers for. */
export function listExternallyManaged(
  instance: Instance<FirewallPairSpec>,
  plan: Plan,
): readonly ExternallyManagedGateway[] {
  const { intent, spec } = instance;
  const nodes = (spec.adopt ?? []).map((one) => `${one.kind} ${one.namespace}/${one.name}`);
  const legs = indexById(plan.gateways, (one) => one.intent).get(intent.id)?.legs ?? [];
  const virtual = legs.flatMap((leg) => leg.virtualAddresses.map((one) => one.address));
  return nodes.length > 0 ? [{ intent: intent.id, nodes, virtual }] : [];
}
