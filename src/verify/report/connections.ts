import { appendAll } from "../../diagnostics/append-all.ts";
import type { Family } from "../../net/address.ts";
import type { Place } from "../../source/place.ts";
import { indexExpectedPrimary } from "../checks/compare-primary.ts";
import { buildExpectedBox, listGatewayIntents } from "../checks/compare-secondary.ts";
import type { Flow, FlowEnd, FlowSet, OutsideFlow } from "../dataplane/flow.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { AddressSet } from "../headerspace/address-set.ts";
import type { ServiceSet } from "../headerspace/service-set.ts";
import { listWorkloadIds, type Node } from "../model/pods/node.ts";
import { describeParty, type ZoneNames } from "./describe.ts";

/** One end of a connection: which workloads of a party, or which addresses where there are no pods. */
export interface Extent {
  /** `isolationzone/pci`. */
  readonly party: string;
  /** `Deployment payments/card`; empty for devices, tunnels and the world outside. */
  readonly pods: readonly string[];
  /** Of what has no pods. */
  readonly addresses: AddressSet;
}

/** Who reaches whom, party by party. */
export interface Connection {
  readonly from: Extent;
  readonly to: Extent;
  /** `eth0`, or the gateways on the way, or the link that both are on. */
  readonly way: readonly string[];
  /** Both are on one link of a network of their own, and no gateway is between them. */
  readonly direct?: boolean;
  readonly family: Family;
  readonly services: ServiceSet;
  /** What is taken for granted. */
  readonly assumed: readonly string[];
  /** Lines of the intents that mean it. */
  readonly origins: readonly Place[];
  /** The packets on networks of the pods' own; absent over the default network. */
  readonly flow?: Flow;
}

/** Whose border is of interest, and what their namespaces are called. */
export interface BorderZones {
  readonly zones: ZoneNames;
  /** Namespaces whose connections are listed. */
  readonly watched: { has(namespace: string): boolean };
}

/** Every connection of a cluster. What no border is about is left out unless `all` is asked for. */
export function listConnections(
  flows: FlowSet,
  watch: ExpectedIndex,
  all = false,
  parties: BorderZones = { zones: watch.zones, watched: watch.zones },
): readonly Connection[] {
  const meant = indexExpectedPrimary(watch);
  const found: Connection[] = [];
  const partiesOf = keepParties(parties);
  for (const flow of flows.secondary)
    if (all || isBorder(flow.from, parties) || isBorder(flow.to, parties) || watch.findWatchedNetwork(flow))
      found.push(overNetworks(flow, watch, parties.zones));
  for (const { from, to, family, services } of flows.primary)
    for (const one of partiesOf(from.nodes).all)
      for (const other of all || one.concerned ? partiesOf(to.nodes).all : partiesOf(to.nodes).concerned) {
        const origins = meant.flows(one.sample, other.sample).map((flow) => flow.origin);
        found.push({ from: one, to: other, way: ["eth0"], family, services, assumed: [], origins });
      }
  for (const flow of flows.outside) {
    const group = partiesOf(flow.nodes);
    for (const own of all ? group.all : group.concerned) {
      const origins = meant.outside(own.sample, flow.direction).map((one) => one.origin);
      found.push({ ...withWorld(flow, own), origins });
    }
  }
  return found;
}

function overNetworks(flow: Flow, watch: ExpectedIndex, zones: ZoneNames): Connection {
  const way = listGatewayIntents(flow, watch);
  const network = watch.findWatchedNetwork(flow);
  const meant = watch
    .findExpectedFlows(flow)
    .filter((one) => one.through.join() === way.join() && (!network || buildExpectedBox(flow, one).length > 0));
  const extent = (end: FlowEnd, addresses: AddressSet): Extent => {
    const own = extentOf(end, addresses, zones);
    // Where all of a network's members connect to each other, they are one party.
    const joined = network && !network.limited && own.pods.length > 0 && own.party.startsWith("namespace/");
    return joined ? { ...own, party: `members of ${network.id}` } : own;
  };
  return {
    from: extent(flow.from, flow.sent.sources),
    to: extent(flow.to, flow.sent.destinations),
    way: flow.through.length > 0 ? way : [flow.medium],
    direct: flow.through.length === 0,
    family: flow.sent.family,
    services: flow.sent.services,
    assumed: flow.assumed,
    origins: meant.map((one) => one.origin),
    flow,
  };
}

function withWorld(flow: OutsideFlow, own: Extent): Omit<Connection, "origins"> {
  const { direction, addresses, family, services } = flow;
  const world: Extent = { party: "outside", pods: [], addresses };
  const [from, to] = direction === "egress" ? [own, world] : [world, own];
  return { from, to, way: ["eth0"], family, services, assumed: [] };
}

function extentOf(end: FlowEnd, addresses: AddressSet, zones: ZoneNames): Extent {
  const pods = end.type === "node" && end.node.type !== "external" ? listWorkloadIds(end.node) : [];
  return { party: describeParty(end, zones), pods, addresses: pods.length > 0 ? [] : addresses };
}

/** Whether an end is a zone, a gateway, a device or a tunnel: what a border is about. */
function isBorder(end: FlowEnd, { watched }: BorderZones): boolean {
  if (end.type !== "node") return end.type === "tunnel";
  const { type, namespace } = end.node;
  return type === "gateway" || type === "external" || watched.has(namespace);
}

interface PartyOfGroup extends Extent {
  readonly concerned: boolean;
  readonly sample: Node;
}

interface PartiesOfGroup {
  readonly all: readonly PartyOfGroup[];
  /** Those that a border is about. */
  readonly concerned: readonly PartyOfGroup[];
}

/** The parties of groups of pods. A group that many others reach is gone through once. */
function keepParties(parties: BorderZones): (nodes: readonly Node[]) => PartiesOfGroup {
  const known = new Map<readonly Node[], PartiesOfGroup>();
  return (nodes) => {
    const before = known.get(nodes);
    if (before) return before;
    const all = partiesIn(nodes, parties);
    const found = { all, concerned: all.filter((one) => one.concerned) };
    known.set(nodes, found);
    return found;
  };
}

/** The parties whose pods a group holds. */
function partiesIn(nodes: readonly Node[], parties: BorderZones): readonly PartyOfGroup[] {
  const found = new Map<string, { pods: string[]; concerned: boolean; sample: Node }>();
  for (const node of nodes) {
    const end: FlowEnd = { type: "node", node };
    const party = describeParty(end, parties.zones);
    const known = found.get(party);
    if (known) appendAll(known.pods, listWorkloadIds(node));
    else found.set(party, { pods: [...listWorkloadIds(node)], concerned: false, sample: node });
    const one = found.get(party);
    if (one && isBorder(end, parties)) one.concerned = true;
  }
  return [...found].map(([party, one]) => ({ party, addresses: [], ...one }));
}
