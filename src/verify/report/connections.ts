import { append } from "../../diagnostics/append.ts";
import type { Family } from "../../net/address.ts";
import type { Place } from "../../source/place.ts";
import { boxOf, wayOf } from "../checks/compare-attached.ts";
import { meantOnDefault } from "../checks/compare-default.ts";
import type { Flow, FlowEnd, Flows, OutsideFlow } from "../dataplane/flow.ts";
import type { Watch } from "../expected/index.ts";
import type { AddressSet } from "../headerspace/address-set.ts";
import type { ServiceSet } from "../headerspace/service-set.ts";
import { idsOf, type Node } from "../model/pods/node.ts";
import { partyOf, type ZoneNames } from "./describe.ts";

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
export interface Parties {
  readonly zones: ZoneNames;
  /** Namespaces whose connections are listed. */
  readonly watched: { has(namespace: string): boolean };
}

/** Every connection of a cluster. What no border is about is left out unless `all` is asked for. */
export function connectionsOf(
  flows: Flows,
  watch: Watch,
  all = false,
  parties: Parties = { zones: watch.zones, watched: watch.zones },
): readonly Connection[] {
  const meant = meantOnDefault(watch);
  const found: Connection[] = [];
  const partiesOf = keepParties(parties);
  for (const flow of flows.attached)
    if (all || borders(flow.from, parties) || borders(flow.to, parties) || watch.networkOf(flow))
      found.push(overNetworks(flow, watch, parties.zones));
  for (const { from, to, family, services } of flows.onDefault)
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

function overNetworks(flow: Flow, watch: Watch, zones: ZoneNames): Connection {
  const way = wayOf(flow, watch);
  const network = watch.networkOf(flow);
  const meant = watch
    .meantFor(flow)
    .filter((one) => one.through.join() === way.join() && (!network || boxOf(flow, one).length > 0));
  const extent = (end: FlowEnd, addresses: AddressSet): Extent => {
    const own = extentOf(end, addresses, zones);
    // Where all of a network's members connect to each other, they are one party.
    const joined = network && !network.limited && own.pods.length > 0 && own.party.startsWith("namespace/");
    return joined ? { ...own, party: `members of ${network.id}` } : own;
  };
  return {
    from: extent(flow.from, flow.asked.sources),
    to: extent(flow.to, flow.asked.destinations),
    way: flow.through.length > 0 ? way : [flow.medium],
    direct: flow.through.length === 0,
    family: flow.asked.family,
    services: flow.asked.services,
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
  const pods = end.type === "node" && end.node.type !== "external" ? idsOf(end.node) : [];
  return { party: partyOf(end, zones), pods, addresses: pods.length > 0 ? [] : addresses };
}

/** Whether an end is a zone, a gateway, a device or a tunnel: what a border is about. */
function borders(end: FlowEnd, { watched }: Parties): boolean {
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
function keepParties(parties: Parties): (nodes: readonly Node[]) => PartiesOfGroup {
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
function partiesIn(nodes: readonly Node[], parties: Parties): readonly PartyOfGroup[] {
  const found = new Map<string, { pods: string[]; concerned: boolean; sample: Node }>();
  for (const node of nodes) {
    const end: FlowEnd = { type: "node", node };
    const party = partyOf(end, parties.zones);
    const known = found.get(party);
    if (known) append(known.pods, idsOf(node));
    else found.set(party, { pods: [...idsOf(node)], concerned: false, sample: node });
    const one = found.get(party);
    if (one && borders(end, parties)) one.concerned = true;
  }
  return [...found].map(([party, one]) => ({ party, addresses: [], ...one }));
}
