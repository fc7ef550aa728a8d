import type { Instance } from "../../ir/intent.ts";
import type { GatewayInterface } from "../../ir/plan.ts";
import type { Family } from "../../net/address.ts";
import { type Cidr, parseKnownCidr } from "../../net/cidr.ts";
import type { PlanBuilder, ResolvedParty } from "../plan-builder.ts";
import type { ResolvedRule } from "./resolve-rules.ts";
import type { FirewallPairSpec } from "./types.ts";

/**
 * Routes to the far side for every member of both networks: the way there, and the same way back. Without the second,
 * replies leave by the default network and the connection fails.
 */
export function addRuleRoutes(
  instance: Instance<FirewallPairSpec>,
  rule: ResolvedRule,
  legs: readonly GatewayInterface[],
  plan: PlanBuilder,
): void {
  const near = legs.find((leg) => leg.name === rule.fromLeg.spec.name);
  const far = legs.find((leg) => leg.name === rule.toLeg.spec.name);
  if (!near || !far) return;
  for (const { sources, destinations } of rule.families) {
    // A published destination is reached by its address on the near leg, which is on the link there.
    if (!rule.spec.publish) give(instance, rule, near, destinations, rule.to, rule.from, plan);
    if (!far.translate) give(instance, rule, far, sources, rule.from, rule.to, plan);
  }
}

function give(
  instance: Instance<FirewallPairSpec>,
  rule: ResolvedRule,
  leg: GatewayInterface,
  cidrs: readonly Cidr[],
  far: ResolvedParty,
  own: ResolvedParty,
  plan: PlanBuilder,
): void {
  if (!plan.findSegment(leg.network)) return;
  if (far.internet) {
    giveDefault(instance, rule, leg, cidrs[0]?.family, own, plan);
    return;
  }
  for (const one of cidrs) {
    const via = leg.virtualAddresses.find((virtual) => virtual.address.family === one.family);
    if (!via) continue;
    // A tunnel's gateway in this network answers the far side too.
    const legsOf = [rule.from.id, rule.to.id].filter((id): id is string => id?.startsWith("vpnegress/") ?? false);
    plan.addRoute({
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

/** The way to the internet is the default route: of one workload where the rule names one, else of every member. */
function giveDefault(
  instance: Instance<FirewallPairSpec>,
  rule: ResolvedRule,
  leg: GatewayInterface,
  family: Family | undefined,
  own: ResolvedParty,
  plan: PlanBuilder,
): void {
  const via = leg.virtualAddresses.find((virtual) => virtual.address.family === family);
  if (!via) return;
  plan.addRoute({
    network: leg.network,
    intent: instance.intent.id,
    to: parseKnownCidr(family === 4 ? "0.0.0.0/0" : "::/0"),
    via: via.address,
    only: own.workload ? new Set([own.workload]) : undefined,
    origin: rule.at(),
    defaultRoute: true,
  });
}
