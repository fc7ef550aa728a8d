import type { ExternalDevices } from "../../ir/expects.ts";
import type { Instance } from "../../ir/intent.ts";
import type { Plan } from "../../ir/plan.ts";
import type { Address } from "../../net/address.ts";
import { type Cidr, parseKnownCidr } from "../../net/cidr.ts";
import { indexById } from "./by-id.ts";
import { type OutsideSpec, parseGateways, parseHostCidrs } from "./outside.ts";

/** The devices of a network: its hosts, its routers and what is behind them. `pods`: the part of the subnets that is no device's. */
export function describeDevices(instance: Instance<OutsideSpec>, pods: readonly Cidr[], plan: Plan): ExternalDevices {
  const { spec, intent } = instance;
  const gateways = parseGateways(spec);
  return {
    id: intent.id,
    origin: instance.at("network"),
    subnets: findAllocatedSubnets(intent.id, plan),
    gateways,
    beyond: (spec.routes ?? []).map((route) => parseKnownCidr(route.to)),
    internet: spec.internet === true ? reachedBy(gateways, plan.internet) : [],
    hosts: (spec.hosts ?? []).map((host) => ({ name: host.name, cidrs: parseHostCidrs(host) })),
    pods,
    routesBack: !onlyTranslated(plan).has(intent.id),
    isPreexisting: spec.network.existing !== undefined,
  };
}

/** The subnets that a network has been allocated; none where it is not in this cluster. */
export function findAllocatedSubnets(network: string, plan: Plan): readonly Cidr[] {
  return indexById(plan.networks, ({ intent }) => intent).get(network)?.subnets ?? [];
}

/** What of the internet routers of these families lead to. */
function reachedBy(gateways: readonly Address[], internet: readonly Cidr[]): readonly Cidr[] {
  const families = new Set(gateways.map((one) => one.family));
  return internet.filter((one) => families.has(one.family));
}

const translatedIn = new WeakMap<Plan, ReadonlySet<string>>();

/** The networks from which every gateway hides the zones: nobody there has a route back. Found once for a plan. */
function onlyTranslated(plan: Plan): ReadonlySet<string> {
  const known = translatedIn.get(plan);
  if (known) return known;
  const legs = plan.gateways.flatMap((gateway) => gateway.legs);
  const plain = new Set(legs.filter((leg) => !leg.translate).map((leg) => leg.network));
  const found = new Set(legs.map((leg) => leg.network).filter((network) => !plain.has(network)));
  translatedIn.set(plan, found);
  return found;
}
