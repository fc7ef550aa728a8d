import type { Instance } from "../../ir/intent.ts";
import type { Leg } from "../../ir/plan.ts";
import type { Cidr } from "../../net/cidr.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import type { ResolvedRule } from "./resolve-rules.ts";
import type { FirewallPairSpec } from "./types.ts";

/**
 * Routes to the far side for every member of both networks: the way there, and the same way back. Without the second,
 * replies leave by the default network and the connection fails.
 */
export function steer(
  instance: Instance<FirewallPairSpec>,
  rule: ResolvedRule,
  legs: readonly Leg[],
  plan: PlanBuilder,
): void {
  const near = legs.find((leg) => leg.name === rule.fromLeg.spec.name);
  const far = legs.find((leg) => leg.name === rule.toLeg.spec.name);
  if (!near || !far) return;
  for (const { sources, destinations } of rule.families) {
    // A published destination is reached by its address on the near leg, which is on the link there.
    if (!rule.spec.publish) give(instance, rule, near, destinations, plan);
    if (!far.translate) give(instance, rule, far, sources, plan);
  }
}

function give(
  instance: Instance<FirewallPairSpec>,
  rule: ResolvedRule,
  leg: Leg,
  to: readonly Cidr[],
  plan: PlanBuilder,
): void {
  if (!plan.site(leg.network)) return;
  for (const one of to) {
    const via = leg.virtualAddresses.find((virtual) => virtual.address.family === one.family);
    if (!via) continue;
    // A tunnel's gateway in this network answers the far side too.
    const legsOf = [rule.from.id, rule.to.id].filter((id): id is string => id?.startsWith("vpnegress/") ?? false);
    plan.route({
      network: leg.network,
      intent: instance.intent.id,
      to: one,
      via: via.address,
      only: undefined,
      origin: rule.at(),
      legsOf,
    });
  }
}
