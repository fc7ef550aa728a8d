import type { Gateway, Plan } from "../../ir/plan.ts";
import type { LowerContext, Target } from "../../targets/target.ts";

/** What the part of one target has to do with the others: gateways with legs on networks of several targets. */
export function buildLowerContext(
  name: string,
  plan: Plan,
  parts: ReadonlyMap<string, Plan>,
  targets: ReadonlyMap<string, Target>,
): LowerContext {
  const { zones } = plan;
  if (parts.size === 1) return { zones, foreignGateways: [], crossTargetInterfaces: () => [] };
  const targetOf = new Map(plan.networks.map((network) => [network.intent, network.target]));
  const on = (gateway: Gateway, target: string): Gateway => ({
    ...gateway,
    legs: gateway.legs.filter((leg) => targetOf.get(leg.network) === target),
  });
  const others = [...parts].flatMap(([other, part]) => {
    const legs = other === name ? undefined : targets.get(other)?.createInterfaceBuilder?.(part);
    return legs ? [{ target: other, legs }] : [];
  });
  return {
    zones,
    foreignGateways: plan.gateways
      .filter((gateway) => gateway.target !== name)
      .map((gateway) => on(gateway, name))
      .filter((gateway) => gateway.legs.length > 0),
    crossTargetInterfaces: (gateway, member) =>
      others.flatMap(({ target, legs }) => {
        const there = on(gateway, target);
        return there.legs.length > 0 ? [legs(there, member)] : [];
      }),
  };
}
