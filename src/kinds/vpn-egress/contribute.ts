import type { Instance } from "../../ir/intent.ts";
import type { ForwardRule, Leg } from "../../ir/plan.ts";
import { type Address, formatAddress, parseAddress } from "../../net/address.ts";
import type { Cidr } from "../../net/cidr.ts";
import { rangeToCidrs } from "../../net/range.ts";
import { parseService, type Service } from "../../net/service.ts";
import { wordsFor } from "../../workloads/words-for.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { everyPod } from "../plan-builder.ts";
import { givenAddresses } from "../shared/gateway/addresses.ts";
import { podSettingsOf } from "../shared/gateway/pod-settings.ts";
import { gatewayRules } from "../shared/gateway/rules.ts";
import { sayable } from "../shared/gateway/sayable.ts";
import { checkStanding } from "../shared/gateway/standing.ts";
import { linkHandoffs } from "../shared/link-handoffs.ts";
import type { Member } from "../shared/members.ts";
import { zoneOf } from "../shared/zone-index.ts";
import { clientsOf } from "./clients.ts";
import { checkDestinations, destinationsOf, isFullTunnel } from "./destinations.ts";
import { type Forwarded, firewallsTo, forwardedTo } from "./forwarded-sources.ts";
import { inboundOf } from "./inbound.ts";
import { legOf, networkOf } from "./index.ts";
import { vpnRules } from "./rules.ts";
import { endpointOf, tunnelOf } from "./tunnel.ts";
import type { SecretKeySpec, VpnEgressSpec } from "./types.ts";

/** A VPN in the plan of its cluster. */
export function contribute(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  checkStanding(instance, plan);
  checkDestinations(instance, plan);
  const { spec, intent } = instance;
  if (isFullTunnel(spec) && plan.cluster.platform.podNetwork.defaultElsewhere === undefined)
    plan.report(vpnRules.diagnose("any-needs-routes", instance.at("destinations", 0), { cluster: plan.cluster.name }));
  checkOwnZone(instance, plan);
  const clients = clientsOf(instance, plan);
  if (clients.length === 0 && spec.clients.selector)
    plan.report(vpnRules.diagnose("no-clients", instance.at("clients", "selector"), { zone: spec.clients.zone }));
  const leg = plannedLeg(instance, plan, true);
  if (!leg) return;
  const owned = { intent: intent.id, origin: instance.at() };
  plan.namespace({ ...owned, name: spec.namespace, role: "vpn", manage: spec.manageNamespace ?? true });
  const sources = sourcesOf(instance, clients, plan);
  const destinations = destinationsOf(spec);
  const services = (spec.ports ?? []).map((text) => parseService(text) as Service);
  const tunnel = tunnelOf(instance, plan.cluster.platform.podNetwork.mtu, destinations);
  if (!tunnel) return;
  const standby = legOf(instance).standby;
  const inbound = inboundOf(instance, leg, tunnel, destinations, plan);
  plan.gateway({
    ...owned,
    name: intent.name,
    role: "vpn",
    target: spec.target ?? plan.cluster.target,
    namespace: spec.namespace,
    legs: [leg],
    members: (standby ? [1, 2] : [1]).map((index) => ({ name: `${intent.name}-${index}`, index })),
    rules: [
      ...[
        { name: "clients", place: instance.at("clients"), sources, services },
        ...forwardedTo(intent.name, plan),
      ].flatMap((one) => forwardRules(one, leg.name, tunnel.interface, destinations)),
      ...inbound.rules,
    ],
    translations: inbound.translations,
    tunnel,
    standby,
    nodes: spec.availability?.nodes,
    image: spec.image,
    pod: podSettingsOf(spec.pod),
    adopted: [],
  });
  around(instance, leg, clients, sources, plan);
  handoffs(instance, plan);
}

/** A client in no zone has its namespace to itself: the whole of it is closed. */
function checkOwnZone(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const { workload } = (instance.intent.spec as VpnEgressSpec).clients;
  if (!workload || zoneOf(plan, workload.namespace)?.intent.doc !== instance.intent.doc) return;
  const { namespace } = workload;
  const other = plan.workloads
    .inNamespace(namespace)
    .find((one) => one.kind !== workload.kind || one.name !== workload.name);
  if (!other) return;
  const place = instance.at("clients", "workload", "namespace");
  plan.report(vpnRules.diagnose("client-namespace", place, { namespace, ref: wordsFor(other) }));
}

function forwardRules(
  { name, place, sources, services }: Forwarded,
  fromLeg: string,
  toLeg: string,
  to: readonly Cidr[],
): ForwardRule[] {
  return ([4, 6] as const).flatMap((family) => {
    const from = sources.filter((one) => one.family === family);
    const destinations = to.filter((one) => one.family === family);
    if (from.length === 0 || destinations.length === 0) return [];
    return [{ name, origin: place, family, fromLeg, toLeg, sources: from, destinations, services, log: false }];
  });
}

/** What clients in other clusters of the Fabric need to use it. */
export function nearby(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const leg = plannedLeg(instance, plan, false);
  if (!leg || instance.spec.network) return;
  const clients = clientsOf(instance, plan);
  around(instance, leg, clients, sourcesOf(instance, clients, plan), plan);
}

function plannedLeg(instance: Instance<VpnEgressSpec>, plan: PlanBuilder, own: boolean): Leg | undefined {
  const network = networkOf(instance);
  const site = plan.site(network);
  if (!site) return undefined;
  const given = givenAddresses(instance.intent.id, legOf(instance), site, plan);
  if (!given) {
    if (own && site.subnets.length === 0)
      plan.report(gatewayRules.diagnose("no-layer-three", instance.at("clients"), { network }));
    return undefined;
  }
  const variant = own
    ? plan.leg({ network, intent: instance.intent.id, namespace: instance.spec.namespace, routes: [] })
    : "";
  const origin = instance.at(instance.spec.network ? "network" : "clients");
  const { subnets } = site;
  return { name: "clients", origin, interface: "net1", network, variant, subnets, translate: false, ...given };
}

/** Addresses that clients come from: their own where each has some, else the whole network's. */
function sourcesOf(instance: Instance<VpnEgressSpec>, clients: readonly Member[], plan: PlanBuilder): readonly Cidr[] {
  const network = networkOf(instance);
  const subnets = plan.site(network)?.subnets ?? [];
  if (!instance.spec.clients.selector || instance.spec.network) return subnets;
  const own = clients.map((member) => plan.ownAddresses(network, member));
  if (own.every((ranges) => ranges.length > 0)) return own.flat().flatMap(rangeToCidrs);
  plan.report(
    vpnRules.diagnose("clients-not-told-apart", instance.at("clients", "selector"), {
      zone: instance.spec.clients.zone,
    }),
  );
  return subnets;
}

function around(
  instance: Instance<VpnEgressSpec>,
  leg: Leg,
  clients: readonly Member[],
  sources: readonly Cidr[],
  plan: PlanBuilder,
): void {
  const { spec, intent } = instance;
  const { selector } = spec.clients;
  const full = isFullTunnel(spec);
  const destinations = destinationsOf(spec);
  const services = (spec.ports ?? []).map((text) => parseService(text) as Service);
  const resolvers = (spec.dns?.servers ?? []).map((text) => parseAddress(text) as Address);
  const only = selector || resolvers.length > 0 || full ? new Set(clients.map((member) => member.workload)) : undefined;
  for (const to of destinations) {
    const via = leg.virtualAddresses.find((one) => one.address.family === to.family)?.address;
    if (!via) continue;
    plan.route({
      network: leg.network,
      intent: intent.id,
      to,
      via,
      only,
      origin: instance.at("destinations"),
      ...(full && { defaultRoute: true, toldByKind: true as const }),
      ...(!full && { legsOf: firewallsTo(intent.name, plan) }),
      resolvers,
    });
  }
  if (full) plan.withoutClusterDns(`isolationzone/${spec.clients.zone}`, selector);
  const namespaces = [...new Set(clients.map((member) => member.workload.namespace))].sort();
  const owned = { intent: intent.id, origin: instance.at("clients") };
  if (clients.length > 0)
    plan.admit({
      ...owned,
      network: leg.network,
      name: `vpn-${intent.name}`,
      direction: "egress",
      namespaces,
      pods: selector ?? everyPod,
      cidrs: destinations,
      services: sayable(services, (index) => instance.at("ports", index), "behind the tunnel", plan),
    });
  plan.cross({
    ...owned,
    from: {
      party: `isolationzone/${spec.clients.zone}`,
      cidrs: sources,
      namespaces,
      pods: selector,
      workload: undefined,
    },
    to: { party: intent.id, cidrs: destinations, namespaces: [], workload: undefined },
    services,
    through: [intent.id],
  });
}

function handoffs(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const owned = { intent: intent.id, origin: instance.at() };
  const endpoint = endpointOf(spec);
  if (endpoint && spec.wireguard)
    plan.handoff({
      ...owned,
      topic: "opening",
      text: `let the nodes send UDP to ${spec.wireguard.endpoint}, and take the answers`,
    });
  if (endpoint && spec.ipsec)
    plan.handoff({
      ...owned,
      topic: "opening",
      text: `let the nodes send UDP 500 and 4500 to ${formatAddress(endpoint)}, and take the answers`,
    });
  const refs = [
    spec.wireguard?.privateKeyFrom,
    spec.wireguard?.presharedKeyFrom,
    spec.ipsec?.pskFrom,
    ...certificateFiles(spec.ipsec?.certificateFrom),
  ];
  for (const ref of refs)
    if (ref)
      plan.handoff({
        ...owned,
        topic: "secret",
        text: `create the Secret \`${spec.namespace}/${ref.secret}\` with the key \`${ref.key}\``,
      });
  const site = spec.network && plan.site(intent.id);
  if (site) for (const handoff of linkHandoffs(site, owned, plan.cluster.platform.nmstate)) plan.handoff(handoff);
}

/** A certificate is of no use without its private key and the authority that the peer's is signed by. */
function certificateFiles(from: SecretKeySpec | undefined): readonly SecretKeySpec[] {
  if (!from) return [];
  return [from, { ...from, key: from.key.replace(/crt$/, "key") }, { ...from, key: "ca.crt" }];
}
