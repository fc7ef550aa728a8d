import type { Instance } from "../../ir/intent.ts";
import type { ForwardRule, Gateway, GatewayInterface, NetworkRoute, Translation } from "../../ir/plan.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { parseKnownCidr } from "../../net/cidr.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { ExternalNetworkSpec } from "../external-network/types.ts";
import { addPrefix, type PlanBuilder } from "../plan-builder.ts";
import { findAllocatedAddresses } from "../shared/gateway/addresses.ts";
import { checkPlacement } from "../shared/gateway/placement.ts";
import { readPodSettings } from "../shared/gateway/pod-settings.ts";
import { gatewayRules } from "../shared/gateway/rules.ts";
import { reportDuplicatePair } from "./duplicate-pairs.ts";
import { buildPairAddressRequest, countMembers, listPairInterfaces, type PairInterface } from "./interfaces.ts";
import { allowBothSides } from "./policy-rules.ts";
import { listPublishedAddresses } from "./publish.ts";
import { type ResolvedRule, resolveRules } from "./resolve-rules.ts";
import { addReturnRouteHandoffs } from "./return-handoffs.ts";
import { firewallRules } from "./rules.ts";
import { addRuleRoutes } from "./steering.ts";
import type { FirewallPairSpec } from "./types.ts";

/** A firewall pair in the plan of its cluster. */
export function contributeFirewallPair(instance: Instance<FirewallPairSpec>, plan: PlanBuilder): void {
  checkPlacement(instance, plan);
  // Its routes would only repeat what was just said.
  if (reportDuplicatePair(instance, plan)) return;
  checkAdopted(instance, plan);
  const rules = resolveRules(instance, plan);
  const legs = listPairInterfaces(instance).flatMap((leg) => plannedLeg(instance, leg, plan) ?? []);
  if (legs.length < instance.spec.legs.length) return;
  const owned = { intent: instance.intent.id, origin: instance.at() };
  plan.addNamespace({
    ...owned,
    name: instance.spec.namespace,
    role: "firewall",
    manage: instance.spec.manageNamespace ?? true,
  });
  plan.addGateway(gatewayOf(instance, legs, rules, plan));
  contributeAroundGateway(instance, legs, rules, plan);
  addReturnRouteHandoffs(instance, legs, rules, plan);
}

function checkAdopted(instance: Instance<FirewallPairSpec>, plan: PlanBuilder): void {
  const { adopt = [], namespace } = instance.spec;
  for (const [index, ref] of adopt.entries()) {
    const place = instance.at("adopt", index);
    const parameters = { ref: formatDisplayName(ref), namespace };
    const workload = plan.workloads.find(ref);
    if (!workload) plan.report(firewallRules.diagnose("adopted-unknown", place, parameters));
    else if (ref.namespace !== namespace) plan.report(firewallRules.diagnose("adopted-namespace", place, parameters));
    else if (workload.pods !== 1) {
      const pods = workload.pods === undefined ? "one pod per node" : `${workload.pods} pods at once`;
      plan.report(firewallRules.diagnose("adopted-replicas", place, { ref: formatDisplayName(ref), pods }));
    }
  }
}

/** What members in other clusters of the Fabric need to use it. */
export function contributeFirewallPairToPeers(
  instance: Instance<FirewallPairSpec>,
  plan: PlanBuilder,
  home: PlanBuilder,
): void {
  // Some of its networks may be at home only: members here reach them all the same.
  const legs = listPairInterfaces(instance).flatMap((leg) => plannedLeg(instance, leg, home, false) ?? []);
  if (legs.length === instance.spec.legs.length)
    contributeAroundGateway(instance, legs, resolveRules(instance, home), plan);
}

function contributeAroundGateway(
  instance: Instance<FirewallPairSpec>,
  legs: readonly GatewayInterface[],
  rules: readonly ResolvedRule[],
  plan: PlanBuilder,
): void {
  for (const rule of rules) {
    addRuleRoutes(instance, rule, legs, plan);
    allowBothSides(instance, rule, legs, plan);
    plan.allowFlow({
      intent: instance.intent.id,
      origin: rule.at(),
      from: rule.from.end,
      to: rule.to.end,
      services: rule.services,
      // What lies behind a tunnel is reached by its gateway too.
      through: [instance.intent.id, ...(rule.to.id?.startsWith("vpnegress/") ? [rule.to.id] : [])],
    });
  }
  for (const leg of legs)
    for (const member of plan.members(leg.network).filter((one) => one.spec.defaultRoute))
      for (const { address } of leg.virtualAddresses)
        plan.addRoute({
          network: leg.network,
          intent: instance.intent.id,
          to: parseKnownCidr(address.family === 4 ? "0.0.0.0/0" : "::/0"),
          via: address,
          only: new Set([member.workload]),
          origin: member.at("defaultRoute"),
          defaultRoute: true,
        });
}

function plannedLeg(
  instance: Instance<FirewallPairSpec>,
  leg: PairInterface,
  plan: PlanBuilder,
  own = true,
): GatewayInterface | undefined {
  const site = plan.findSegment(leg.network);
  if (!site) return undefined;
  const given = findAllocatedAddresses(instance.intent.id, buildPairAddressRequest(instance, leg), site, plan);
  if (!given) {
    const slug = site.subnets.length === 0 ? "no-layer-three" : undefined;
    if (slug && own) plan.report(gatewayRules.diagnose(slug, leg.at("name"), { network: leg.network }));
    return undefined;
  }
  const wish = { network: leg.network, intent: instance.intent.id, namespace: instance.spec.namespace };
  const published = listPublishedAddresses(instance, leg, plan).map((address) => addPrefix(site, address));
  return {
    name: leg.spec.name,
    origin: leg.at(),
    interface: leg.interface,
    network: leg.network,
    variant: own ? plan.addInterface({ ...wish, routes: routesBehind(leg, plan) }) : "",
    subnets: site.subnets,
    addresses: given.addresses,
    virtualAddresses: [...given.virtualAddresses, ...published],
    routerId: given.routerId,
    translate: leg.spec.nat === "virtualAddress" || leg.spec.nat === "masquerade",
  };
}

/** What the firewall itself reaches through the router of an external network. */
function routesBehind(leg: PairInterface, plan: PlanBuilder): Omit<NetworkRoute, "intent">[] {
  const external = leg.spec.external === undefined ? undefined : plan.find("ExternalNetwork", leg.spec.external);
  const spec = external?.spec as ExternalNetworkSpec | undefined;
  const gateways = spec?.gateway === undefined ? [] : typeof spec.gateway === "string" ? [spec.gateway] : spec.gateway;
  const routers = gateways.map((text) => parseAddress(text) as Address);
  const routes = (spec?.routes ?? []).flatMap((route, index) => {
    const to = parseKnownCidr(route.to);
    const via = routers.find((one) => one.family === to.family);
    return via && external ? [{ to, via, origin: external.at("routes", index, "to") }] : [];
  });
  if (!spec?.internet || !external) return routes;
  const everything = routers.map((via) => ({
    to: parseKnownCidr(via.family === 4 ? "0.0.0.0/0" : "::/0"),
    via,
    origin: external.at("internet"),
  }));
  return [...routes, ...everything];
}

function gatewayOf(
  instance: Instance<FirewallPairSpec>,
  legs: readonly GatewayInterface[],
  rules: readonly ResolvedRule[],
  plan: PlanBuilder,
): Gateway {
  const { spec, intent } = instance;
  const count = countMembers(spec);
  return {
    intent: intent.id,
    origin: instance.at(),
    name: intent.name,
    role: "firewall",
    target: spec.target ?? plan.cluster.target,
    namespace: spec.namespace,
    legs,
    members: Array.from({ length: count }, (_none, index) => ({
      name: `${intent.name}-${index + 1}`,
      index: index + 1,
    })),
    rules: rules.flatMap(forwardRules),
    translations: rules.flatMap((rule) => translationOf(rule) ?? []),
    tunnel: undefined,
    standby: count > 1,
    nodes: spec.availability?.nodes,
    image: spec.image,
    pod: readPodSettings(spec.pod),
    adopted: spec.adopt ?? [],
  };
}

function forwardRules(rule: ResolvedRule): ForwardRule[] {
  return rule.families.map(({ family, sources, destinations }) => ({
    name: rule.spec.name,
    origin: rule.at(),
    family,
    fromLeg: rule.fromLeg.spec.name,
    toLeg: rule.toLeg.spec.name,
    sources,
    destinations,
    services: rule.services,
    log: rule.spec.log ?? false,
  }));
}

function translationOf(rule: ResolvedRule): Translation | undefined {
  const { publish } = rule.spec;
  const [service] = rule.services;
  if (!publish || !service) return undefined;
  const address = parseAddress(publish.address) as Address;
  const to = rule.to.cidrs.find((one) => one.family === address.family);
  if (!to) return undefined;
  return {
    origin: rule.at("publish"),
    leg: rule.fromLeg.spec.name,
    address,
    service: { protocol: service.protocol, first: publish.port, last: publish.port },
    to: { family: to.family, value: to.base },
    toPort: service.first,
  };
}
