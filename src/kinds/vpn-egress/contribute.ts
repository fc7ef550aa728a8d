import type { Instance } from "../../ir/intent.ts";
import type { ForwardRule, GatewayInterface } from "../../ir/plan.ts";
import { type Address, formatAddress, parseAddress } from "../../net/address.ts";
import type { Cidr } from "../../net/cidr.ts";
import { splitIntoCidrs } from "../../net/range.ts";
import { parseService, type Service } from "../../net/service.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { everyPod } from "../plan-builder.ts";
import { findAllocatedAddresses } from "../shared/gateway/addresses.ts";
import { checkPlacement } from "../shared/gateway/placement.ts";
import { readPodSettings } from "../shared/gateway/pod-settings.ts";
import { toPolicyServices } from "../shared/gateway/policy-services.ts";
import { gatewayRules } from "../shared/gateway/rules.ts";
import { listLinkHandoffs } from "../shared/link-handoffs.ts";
import type { Member } from "../shared/members.ts";
import { findZone } from "../shared/zone-index.ts";
import { listClients } from "./clients.ts";
import { checkDestinations, isFullTunnel, listDestinations } from "./destinations.ts";
import { type ForwardedSource, listForwardedSources, listForwardingFirewalls } from "./forwarded-sources.ts";
import { buildInbound } from "./inbound.ts";
import { buildVpnAddressRequest, findNetworkId } from "./index.ts";
import { vpnRules } from "./rules.ts";
import { buildTunnel, parseEndpoint } from "./tunnel.ts";
import type { SecretKeySpec, VpnEgressSpec } from "./types.ts";

/** A VPN in the plan of its cluster. */
export function contributeVpnEgress(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  checkPlacement(instance, plan);
  checkDestinations(instance, plan);
  const { spec, intent } = instance;
  if (isFullTunnel(spec) && plan.cluster.platform.podNetwork.defaultElsewhere === undefined)
    plan.report(vpnRules.diagnose("any-needs-routes", instance.at("destinations", 0), { cluster: plan.cluster.name }));
  checkOwnZone(instance, plan);
  const clients = listClients(instance, plan);
  if (clients.length === 0 && spec.clients.selector)
    plan.report(vpnRules.diagnose("no-clients", instance.at("clients", "selector"), { zone: spec.clients.zone }));
  const leg = plannedLeg(instance, plan, true);
  if (!leg) return;
  const owned = { intent: intent.id, origin: instance.at() };
  plan.addNamespace({ ...owned, name: spec.namespace, role: "vpn", manage: spec.manageNamespace ?? true });
  const sources = sourcesOf(instance, clients, plan);
  const destinations = listDestinations(spec);
  const services = (spec.ports ?? []).map((text) => parseService(text) as Service);
  const tunnel = buildTunnel(instance, plan.cluster.platform.podNetwork.mtu, destinations);
  if (!tunnel) return;
  const standby = buildVpnAddressRequest(instance).standby;
  const inbound = buildInbound(instance, leg, tunnel, destinations, plan);
  plan.addGateway({
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
        ...listForwardedSources(intent.name, plan),
      ].flatMap((one) => forwardRules(one, leg.name, tunnel.interface, destinations)),
      ...inbound.rules,
    ],
    translations: inbound.translations,
    tunnel,
    standby,
    nodes: spec.availability?.nodes,
    image: spec.image,
    pod: readPodSettings(spec.pod),
    adopted: [],
  });
  contributeAroundTunnel(instance, leg, clients, sources, plan);
  handoffs(instance, plan);
}

/** A client in no zone has its namespace to itself: the whole of it is closed. */
function checkOwnZone(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const { workload } = (instance.intent.spec as VpnEgressSpec).clients;
  if (!workload || findZone(plan, workload.namespace)?.intent.doc !== instance.intent.doc) return;
  const { namespace } = workload;
  const other = plan.workloads
    .inNamespace(namespace)
    .find((one) => one.kind !== workload.kind || one.name !== workload.name);
  if (!other) return;
  const place = instance.at("clients", "workload", "namespace");
  plan.report(vpnRules.diagnose("client-namespace", place, { namespace, ref: formatDisplayName(other) }));
}

function forwardRules(
  { name, place, sources, services }: ForwardedSource,
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
export function contributeVpnEgressToPeers(instance: Instance<VpnEgressSpec>, plan: PlanBuilder): void {
  const leg = plannedLeg(instance, plan, false);
  if (!leg || instance.spec.network) return;
  const clients = listClients(instance, plan);
  contributeAroundTunnel(instance, leg, clients, sourcesOf(instance, clients, plan), plan);
}

function plannedLeg(instance: Instance<VpnEgressSpec>, plan: PlanBuilder, own: boolean): GatewayInterface | undefined {
  const network = findNetworkId(instance);
  const site = plan.findSegment(network);
  if (!site) return undefined;
  const given = findAllocatedAddresses(instance.intent.id, buildVpnAddressRequest(instance), site, plan);
  if (!given) {
    if (own && site.subnets.length === 0)
      plan.report(gatewayRules.diagnose("no-layer-three", instance.at("clients"), { network }));
    return undefined;
  }
  const variant = own
    ? plan.addInterface({ network, intent: instance.intent.id, namespace: instance.spec.namespace, routes: [] })
    : "";
  const origin = instance.at(instance.spec.network ? "network" : "clients");
  const { subnets } = site;
  return { name: "clients", origin, interface: "net1", network, variant, subnets, translate: false, ...given };
}

/** Addresses that clients come from: their own where each has some, else the whole network's. */
function sourcesOf(instance: Instance<VpnEgressSpec>, clients: readonly Member[], plan: PlanBuilder): readonly Cidr[] {
  const network = findNetworkId(instance);
  const subnets = plan.findSegment(network)?.subnets ?? [];
  if (!instance.spec.clients.selector || instance.spec.network) return subnets;
  const own = clients.map((member) => plan.ownAddresses(network, member));
  if (own.every((ranges) => ranges.length > 0)) return own.flat().flatMap(splitIntoCidrs);
  plan.report(
    vpnRules.diagnose("clients-not-told-apart", instance.at("clients", "selector"), {
      zone: instance.spec.clients.zone,
    }),
  );
  return subnets;
}

function contributeAroundTunnel(
  instance: Instance<VpnEgressSpec>,
  leg: GatewayInterface,
  clients: readonly Member[],
  sources: readonly Cidr[],
  plan: PlanBuilder,
): void {
  const { spec, intent } = instance;
  const { selector } = spec.clients;
  const full = isFullTunnel(spec);
  const destinations = listDestinations(spec);
  const services = (spec.ports ?? []).map((text) => parseService(text) as Service);
  const resolvers = (spec.dns?.servers ?? []).map((text) => parseAddress(text) as Address);
  const only = selector || resolvers.length > 0 || full ? new Set(clients.map((member) => member.workload)) : undefined;
  for (const to of destinations) {
    const via = leg.virtualAddresses.find((one) => one.address.family === to.family)?.address;
    if (!via) continue;
    plan.addRoute({
      network: leg.network,
      intent: intent.id,
      to,
      via,
      only,
      origin: instance.at("destinations"),
      ...(full && { defaultRoute: true, reportedByKind: true as const }),
      ...(!full && { legsOf: listForwardingFirewalls(intent.name, plan) }),
      resolvers,
    });
  }
  if (full) plan.withoutClusterDns(`isolationzone/${spec.clients.zone}`, selector);
  const namespaces = [...new Set(clients.map((member) => member.workload.namespace))].sort();
  const owned = { intent: intent.id, origin: instance.at("clients") };
  if (clients.length > 0)
    plan.addPolicyRule({
      ...owned,
      network: leg.network,
      name: `vpn-${intent.name}`,
      direction: "egress",
      namespaces,
      pods: selector ?? everyPod,
      cidrs: destinations,
      services: toPolicyServices(services, (index) => instance.at("ports", index), "behind the tunnel", plan),
    });
  plan.allowFlow({
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
  const endpoint = parseEndpoint(spec);
  if (endpoint && spec.wireguard)
    plan.addHandoff({
      ...owned,
      topic: "opening",
      text: `let the nodes send UDP to ${spec.wireguard.endpoint}, and take the answers`,
    });
  if (endpoint && spec.ipsec)
    plan.addHandoff({
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
      plan.addHandoff({
        ...owned,
        topic: "secret",
        text: `create the Secret \`${spec.namespace}/${ref.secret}\` with the key \`${ref.key}\``,
      });
  const site = spec.network && plan.findSegment(intent.id);
  if (site)
    for (const handoff of listLinkHandoffs(site, owned, plan.cluster.platform.nmstate)) plan.addHandoff(handoff);
}

/** A certificate is of no use without its private key and the authority that the peer's is signed by. */
function certificateFiles(from: SecretKeySpec | undefined): readonly SecretKeySpec[] {
  if (!from) return [];
  return [from, { ...from, key: from.key.replace(/crt$/, "key") }, { ...from, key: "ca.crt" }];
}
