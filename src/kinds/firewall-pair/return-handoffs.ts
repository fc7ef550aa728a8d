import type { Instance } from "../../ir/intent.ts";
import type { GatewayInterface } from "../../ir/plan.ts";
import { formatAddress } from "../../net/address.ts";
import { formatCidr } from "../../net/cidr.ts";
import { formatService } from "../../net/service.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import type { ResolvedRule } from "./resolve-rules.ts";
import type { FirewallPairSpec } from "./types.ts";

/** Hosts outside are nobody's to configure from here: routers and hosts need a way back. */
export function addReturnRouteHandoffs(
  instance: Instance<FirewallPairSpec>,
  legs: readonly GatewayInterface[],
  rules: readonly ResolvedRule[],
  plan: PlanBuilder,
): void {
  const owned = { intent: instance.intent.id, origin: instance.at("legs") };
  const said = new Set<string>();
  const say = (text: string) => {
    if (!said.has(text)) plan.addHandoff({ ...owned, topic: "route", text });
    said.add(text);
  };
  for (const rule of rules)
    for (const [outside, inside] of [
      [rule.toLeg, rule.from],
      [rule.fromLeg, rule.to],
    ] as const) {
      const leg = legs.find((one) => one.name === outside.spec.name);
      if (outside.spec.external === undefined || !leg || leg.translate) continue;
      // What is in the internet routes nothing to us by our word.
      if (inside.internet) continue;
      for (const net of inside.cidrs) {
        const via = leg.virtualAddresses.find((one) => one.address.family === net.family);
        if (via)
          say(
            `on the hosts and routers of ${leg.network}, route ${formatCidr(net)} via ${formatAddress(via.address)} (rule \`${rule.spec.name}\`: ${rule.services.map(formatService).join(", ") || "everything"})`,
          );
      }
    }
}
