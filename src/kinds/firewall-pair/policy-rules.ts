import type { Instance } from "../../ir/intent.ts";
import type { GatewayInterface } from "../../ir/plan.ts";
import { type Cidr, toHostCidr } from "../../net/cidr.ts";
import type { Service } from "../../net/service.ts";
import type { PlanBuilder, ResolvedParty } from "../plan-builder.ts";
import { toPolicyServices } from "../shared/gateway/policy-services.ts";
import { buildSelector } from "../shared/select.ts";
import type { ResolvedRule } from "./resolve-rules.ts";
import type { FirewallPairSpec } from "./types.ts";

/** Policies of both networks admit the far side by its addresses: a selector would only find pods of that network. */
export function allowBothSides(
  instance: Instance<FirewallPairSpec>,
  rule: ResolvedRule,
  legs: readonly GatewayInterface[],
  plan: PlanBuilder,
): void {
  const far = legs.find((leg) => leg.name === rule.toLeg.spec.name);
  const near = legs.find((leg) => leg.name === rule.fromLeg.spec.name);
  if (!far || !near) return;
  const services = toPolicyServices(
    rule.services,
    (index) => rule.at("ports", index),
    `the far side (rule \`${rule.spec.name}\`)`,
    plan,
  );
  const seen = far.translate ? far.virtualAddresses.map((one) => toHostCidr(one.address)) : rule.from.cidrs;
  admit(instance, rule, "egress", near.network, rule.from, rule.to.cidrs, services, plan);
  admit(instance, rule, "ingress", far.network, rule.to, seen, services, plan);
}

function admit(
  instance: Instance<FirewallPairSpec>,
  rule: ResolvedRule,
  direction: "ingress" | "egress",
  network: string,
  own: ResolvedParty,
  cidrs: readonly Cidr[],
  services: readonly Service[],
  plan: PlanBuilder,
): void {
  const members = plan.members(network);
  if (members.length === 0 || own.network !== network) return;
  const workloads = own.workload ? [own.workload] : members.map((member) => member.workload);
  const namespaces = [...new Set(workloads.map((workload) => workload.namespace))].sort();
  const pods = own.workload ? buildSelector(own.workload.labels) : {};
  // An intent's name has no double dash, so no other pair and rule make the same name.
  const name = `${instance.intent.name}--${rule.spec.name}`;
  plan.addPolicyRule({
    intent: instance.intent.id,
    origin: rule.at(),
    network,
    name,
    direction,
    namespaces,
    pods,
    cidrs,
    services,
  });
}
