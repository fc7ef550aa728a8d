import type { Gateway, Plan } from "../../ir/plan.ts";
import type { Beside, Target } from "../../targets/target.ts";

/** What the part of one target has to do with the others: gateways with legs on networks of several targets. */
export function besideOf(
  name: string,
  plan: Plan,
  parts: ReadonlyMap<string, Plan>,
  targets: ReadonlyMap<string, Target>,
): Beside {
  const { boundaries } = plan;
  if (parts.size === 1) return { boundaries, guests: [], legs: () => [] };
  const targetOf = new Map(plan.networks.map((network) => [network.intent, network.target]));
  const on = (gateway: Gateway, target: string): Gateway => ({
    ...gateway,
    legs: gateway.legs.filter((leg) => targetOf.get(leg.network) === target),
  });
  const others = [...parts].flatMap(([other, part]) => {
    const legs = other === name ? undefined : targets.get(other)?.legs?.(part);
    return legs ? [{ target: other, legs }] : [];
  });
  return {
    boundaries,
    guests: plan.gateways
      .filter((gateway) => gateway.target !== name)
      .map((gateway) => on(gateway, name))
      .filter((gateway) => gateway.legs.length > 0),
    legs: (gateway, member) =>
      others.flatMap(({ target, legs }) => {
        const there = on(gateway, target);
        return there.legs.length > 0 ? [legs(there, member)] : [];
      }),
  };
}
