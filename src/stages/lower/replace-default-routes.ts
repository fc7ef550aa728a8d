import type { Plan, Variant } from "../../ir/plan.ts";
import type { Target } from "../../targets/target.ts";

/**
 * Routes of networks whose attachments carry a default route and no others are that route: every member there that needs
 * one has it, else it was refused. A gateway makes its routes itself.
 */
export function replaceByDefaultRoute(plan: Plan, targets: ReadonlyMap<string, Target>): Plan {
  const isBound = (target: string) => targets.get(target)?.defaultRouteOnly === true;
  if (!plan.networks.some((one) => isBound(one.target))) return plan;
  return {
    ...plan,
    networks: plan.networks.map((one) =>
      isBound(one.target) ? { ...one, variants: one.variants.map(withoutRoutes) } : one,
    ),
  };
}

function withoutRoutes(variant: Variant): Variant {
  return variant.forwards ? variant : { ...variant, routes: [] };
}
