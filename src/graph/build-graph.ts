import { groupBy } from "../collections/group-by.ts";
import type { ExternalDevices } from "../ir/expects.ts";
import type { DefaultDenyZone, Gateway, Network, Plan, ZoneOpening } from "../ir/plan.ts";
import { formatAddress } from "../net/address.ts";
import { type Cidr, formatCidr } from "../net/cidr.ts";
import { formatService, type Service } from "../net/service.ts";
import { buildFlowEdges, formatTrafficLines } from "./flow-edges.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/** How many workloads a picture names; the rest is a number. */
const WORKLOADS_SHOWN = 8;

/** The picture of one cluster: what its intents say. */
export function buildGraph(plan: Plan, devices: readonly ExternalDevices[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const put = (node: GraphNode) => nodes.set(node.id, node);
  const audited = new Set(plan.zones.filter((one) => one.audit).map((one) => one.intent));
  const workloads = workloadsByNetwork(plan);
  const known = new Map(devices.map((one) => [one.id, one]));
  const crossings = groupBy(plan.allowedFlows, (one) => one.intent);
  for (const network of plan.networks) {
    const { role, intent } = network;
    if (role === "vpn") continue;
    const lines = role === "network" ? formatTrafficLines(crossings.get(intent) ?? [], known) : [];
    const names = [...(workloads.get(intent) ?? [])].sort();
    put(networkNode(network, audited.has(intent), names, known.get(intent), lines));
  }
  for (const gateway of plan.gateways) {
    put(gatewayNode(gateway));
    if (gateway.tunnel) put(farSide(gateway));
  }
  const crossed = [...buildFlowEdges(plan, devices), ...plan.zones.flatMap(openingEdges)];
  const inZones = zoneMembers(plan);
  const joined = new Set(crossed.flatMap(({ from, to }) => [`${from}\n${to}`, `${to}\n${from}`]));
  const edges = [...crossed, ...plan.gateways.flatMap((gateway) => idleLegs(gateway, joined, nodes)), ...inZones];
  for (const edge of edges) for (const id of [edge.from, edge.to]) if (!nodes.has(id)) put(unknownNode(id));
  return {
    cluster: plan.cluster.name,
    nodes: [...nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: edges.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
  };
}

function orderOf({ from, to, kind, labels }: GraphEdge): string {
  return [from, to, kind, ...labels].join("\n");
}

/** `pci` of `isolationzone/pci`. */
export function parseIntentName(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}

export function formatServiceList(services: readonly Service[]): string {
  return services.length === 0 ? "everything" : services.map(formatService).join(" ");
}

/** Full names of those that stand in each network. */
function workloadsByNetwork({ attachments }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { network, workload } of attachments) {
    const name = `${workload.kind} ${workload.namespace}/${workload.name}`;
    const known = found.get(network);
    if (known) known.add(name);
    else found.set(network, new Set([name]));
  }
  return found;
}

function networkNode(
  { intent, link, subnets, role }: Network,
  audit: boolean,
  workloads: readonly string[],
  device: ExternalDevices | undefined,
  traffic: readonly string[],
): GraphNode {
  const more = workloads.length - WORKLOADS_SHOWN;
  return {
    id: intent,
    kind: role === "vpn" ? "external" : role,
    title: parseIntentName(intent),
    subtitle: `${linkText(link)}${audit ? ", audit only" : ""}`,
    lines: [
      ...subnets.map(formatCidr),
      ...(device?.hosts ?? []).map((host) => `${host.name} ${host.cidrs.map(formatHost).join(" ")}`),
      ...(device?.beyond ?? []).map((one) => `beyond: ${formatCidr(one)}`),
      ...((device?.internet.length ?? 0) > 0 ? ["beyond: the internet"] : []),
      ...workloads.slice(0, WORKLOADS_SHOWN),
      ...(more > 0 ? [`and ${more} more workloads`] : []),
      ...traffic,
    ],
  };
}

/** A host alone is its address. */
function formatHost(one: Cidr): string {
  const whole = one.prefix === (one.family === 4 ? 32 : 128);
  return whole ? formatAddress({ family: one.family, value: one.base }) : formatCidr(one);
}

function linkText({ separation, vlan, parent, uplink }: Network["link"]): string {
  if (separation === "overlay") return "overlay network";
  const link = parent ?? uplink ?? "";
  return vlan === undefined ? `${link}, untagged` : `VLAN ${vlan} on ${link}`;
}

function gatewayNode({ intent, role, namespace, standby, members, adopted }: Gateway): GraphNode {
  const built = adopted.map((one) => `${one.kind} ${one.namespace}/${one.name}`);
  const how = standby ? `${members.length} members, one active` : "one pod";
  return {
    id: intent,
    kind: role,
    title: parseIntentName(intent),
    subtitle: role === "firewall" ? "firewall pair" : "VPN egress",
    lines: built.length > 0 ? ["somebody else's:", ...built] : [`in ${namespace}`, how],
  };
}

/** What stands behind a tunnel. */
export function formatRemoteId(gateway: string): string {
  return `${gateway} far side`;
}

function farSide({ intent, tunnel }: Gateway): GraphNode {
  const end =
    tunnel?.type === "wireguard" ? formatAddress(tunnel.endpoint.address) : tunnel && formatAddress(tunnel.remote);
  const lines = (tunnel?.destinations ?? []).map(formatCidr);
  return {
    id: formatRemoteId(intent),
    kind: "far",
    title: `beyond ${parseIntentName(intent)}`,
    subtitle: `by way of ${end ?? ""}`,
    lines,
  };
}

function openingEdges(boundary: DefaultDenyZone): readonly GraphEdge[] {
  return boundary.openings
    .filter((one) => !one.standing)
    .flatMap((opening) =>
      peersOf(opening).map((peer): GraphEdge => {
        const [from, to] = opening.direction === "ingress" ? [peer, boundary.intent] : [boundary.intent, peer];
        return { from, to, kind: "eth0", labels: [formatServiceList(opening.services)] };
      }),
    );
}

function peersOf({ peer }: ZoneOpening): readonly string[] {
  return peer.type === "cidrs" ? peer.cidrs.map(formatCidr) : peer.names.map((name) => `namespace/${name}`);
}

/** Legs that no rule leads over are there all the same. `joined`: what an edge joins, in both orders. */
function idleLegs(
  { intent, legs }: Gateway,
  joined: ReadonlySet<string>,
  nodes: ReadonlyMap<string, GraphNode>,
): readonly GraphEdge[] {
  return legs
    .filter(({ network }) => nodes.has(network) && !joined.has(`${intent}\n${network}`))
    .map(({ network }) => ({ from: intent, to: network, kind: "leg", labels: [] }));
}

/** Zones whose pods are also on a network that is no border. */
function zoneMembers({ attachments, networks, zones: boundaries }: Plan): readonly GraphEdge[] {
  const others = new Set(networks.filter((one) => one.role === "network").map((one) => one.intent));
  const zones = new Map(boundaries.flatMap((one) => one.namespaces.map((name) => [name, one.intent] as const)));
  const found = new Map<string, GraphEdge>();
  for (const { network, workload } of attachments) {
    const zone = zones.get(workload.namespace);
    if (zone === undefined || !others.has(network)) continue;
    found.set(`${zone} ${network}`, { from: zone, to: network, kind: "leg", labels: [] });
  }
  return [...found.values()];
}

/** A gateway that stands in another cluster, or somebody outside of every intent. */
function unknownNode(id: string): GraphNode {
  const none = { id, title: parseIntentName(id), lines: [] };
  if (id.startsWith("firewallpair/")) return { ...none, kind: "firewall", subtitle: "in another cluster" };
  if (id.endsWith(" far side"))
    return { ...none, kind: "far", title: `beyond ${parseIntentName(id).replace(/ far side$/, "")}`, subtitle: "" };
  if (id.startsWith("vpnegress/")) return { ...none, kind: "vpn", subtitle: "in another cluster" };
  const namespace = id.startsWith("namespace/");
  return {
    ...none,
    kind: "outside",
    title: namespace ? parseIntentName(id) : id,
    subtitle: namespace ? "namespace" : "by eth0",
  };
}
