import {
  type AddressSet,
  allAddresses,
  intersectAddresses,
  subtractAddresses,
  toAddressSet,
} from "../headerspace/address-set.ts";
import { createBox, type HeaderBox } from "../headerspace/packet-set.ts";
import { everyService } from "../headerspace/service-set.ts";
import { groupByDomain } from "../model/domains.ts";
import type { DomainMember, Model } from "../model/model.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import type { AsymmetricFlow, CleartextLeak, Flow, FlowEnd, FlowSet } from "./flow.ts";
import { injectPackets, sendPackets } from "./forward.ts";
import { computeOutsideFlows } from "./outside-flows.ts";
import type { DispositionVisitor, PacketState } from "./packet-state.ts";
import { computePrimaryFlows } from "./primary-flows.ts";
import { traceReturnPath } from "./return-path.ts";
import { buildSecondaryModel } from "./secondary-model.ts";

/** Questions other than that of the whole. */
export interface FlowQuery {
  readonly secondaryOnly?: boolean;
  /** Only what a gateway is sent or somebody forwards; what the members of a link send one another may be left out. */
  readonly onlyAcross?: boolean;
  /** Pods send whatever they like to any gateway on their links, as if their routes were no border. */
  readonly anyRoute?: boolean;
  /** Subnets whose routes do not count for eth0, since they change between two versions. */
  readonly renumbered?: AddressSet;
  /** Which pods the intents tell apart on networks of their own; absent: all. */
  readonly podClass?: (node: Node) => string;
}

/** Every connection that the model lets anybody make. */
export function computeFlows(whole: Model, ask: FlowQuery = {}): FlowSet {
  const model = ask.podClass ? buildSecondaryModel(whole, ask.podClass) : whole;
  const secondary: Flow[] = [];
  const asymmetric: AsymmetricFlow[] = [];
  const leaks: CleartextLeak[] = [];
  const collect = (from: FlowEnd): DispositionVisitor => ({
    ...createCollector(from, secondary, asymmetric, leaks),
    ...(ask.onlyAcross && { skips: endsOnLink }),
  });
  const gateways = ask.anyRoute ? gatewaysOf(model) : undefined;
  for (const node of model.nodes) {
    if (node.type === "workload") sendPackets(model, node, allAddresses, collect({ type: "node", node }));
    if (node.type === "workload" && gateways) toGateways(model, node, gateways, collect({ type: "node", node }));
    if (node.type === "external") fromDevices(model, node, collect({ type: "node", node }));
    if (node.type === "gateway") fromTunnels(model, node, collect);
  }
  const [primary, outside] = ask.secondaryOnly
    ? [[], []]
    : [computePrimaryFlows(whole), computeOutsideFlows(whole, ask.renumbered)];
  return { secondary, asymmetric, leaks, primary, outside };
}

function createCollector(
  from: FlowEnd,
  attached: Flow[],
  oneWay: AsymmetricFlow[],
  leaks: CleartextLeak[],
): DispositionVisitor {
  return {
    delivered(travel, node, on) {
      const { travel: back, problems } = traceReturnPath(travel, node, on);
      const to: FlowEnd = { type: "node", node };
      if (problems.length > 0) oneWay.push({ ...flowOf(from, to, travel, on.domain, []), problems });
      if (back) attached.push(flowOf(from, to, back, on.domain, node.type === "external" ? assumedOf(back, node) : []));
    },
    tunnelled(travel, gateway, tunnel) {
      const to: FlowEnd = { type: "tunnel", gateway, interface: tunnel.name };
      const { travel: back, problems } = traceReturnPath(travel, "the far side of the tunnel", tunnel);
      if (problems.length > 0) oneWay.push({ ...flowOf(from, to, travel, tunnel.domain, []), problems });
      if (back) attached.push(flowOf(from, to, back, tunnel.domain, []));
    },
    leaked(travel, gateway) {
      leaks.push({ from, gateway, asked: travel.sent });
    },
  };
}

/** Packets that come straight from their sender to somebody who is no gateway and sends nothing on. */
function endsOnLink({ steps }: PacketState, { type, forwards4, forwards6 }: Node): boolean {
  return steps.length === 1 && type !== "gateway" && !forwards4 && !forwards6;
}

function assumedOf(travel: PacketState, device: Node): readonly string[] {
  if (travel.steps.length < 2 || travel.masked) return [];
  return [`${device.id} has routes back to the senders (handoff.md)`];
}

function flowOf(from: FlowEnd, to: FlowEnd, travel: PacketState, medium: string, assumed: readonly string[]): Flow {
  const start = from.type === "node" ? from.node : undefined;
  const through = travel.steps.map((step) => step.node).filter((node) => node !== start && node.type !== "external");
  return { from, to, sent: travel.sent, arrived: travel.current, through, steps: travel.steps, medium, assumed };
}

/** Devices send to everybody on their link, and by any gateway there: their routes are not ours to read. */
function fromDevices(model: Model, device: Node, sink: DispositionVisitor): void {
  const link = device.interfaces[0] as Interface;
  for (const member of model.domains.get(link.domain) ?? []) {
    // What devices send one another on a wire is nothing of the cluster's; whatever they reach by one another they reach directly.
    if (member.node.type === "external") continue;
    for (const family of [4, 6] as const) {
      const forwards = family === 4 ? member.node.forwards4 : member.node.forwards6;
      for (const to of forwards ? [allAddresses] : addressesOf(member))
        handOver(model, device, link, member, createBox(family, link.addresses, to, everyService), sink);
    }
  }
}

/** Everything that a member answers on; apart where the addresses of a link are answered by a table of their own. */
function addressesOf({ node, interface: link }: DomainMember): readonly AddressSet[] {
  if (!node.routes.some((route) => route.answersOnly)) return [node.local];
  return [intersectAddresses(node.local, link.addresses), subtractAddresses(node.local, link.addresses)];
}

type Gateways = ReadonlyMap<string, readonly DomainMember[]>;

/** By domain: a pod of many interfaces asks for those of each. */
function gatewaysOf(model: Model): Gateways {
  return groupByDomain(model.nodes.filter((node) => node.type === "gateway"));
}

function toGateways(model: Model, node: Node, gateways: Gateways, sink: DispositionVisitor): void {
  for (const link of node.interfaces.filter((one) => one.type === "attachment"))
    for (const member of gateways.get(link.domain) ?? [])
      for (const family of [4, 6] as const)
        handOver(model, node, link, member, createBox(family, link.addresses, allAddresses, everyService), sink);
}

/** Gives packets to one member of a link. */
function handOver(
  model: Model,
  node: Node,
  link: Interface,
  to: DomainMember,
  box: HeaderBox | undefined,
  sink: DispositionVisitor,
): void {
  if (!box) return;
  const step = { node, incoming: undefined, outgoing: link, sourcesBefore: undefined, by: [] };
  injectPackets(model, { sent: box, current: box, steps: [step], redirected: false, masked: false }, to, sink);
}

/** The far side of a tunnel sends whatever it likes into it. */
function fromTunnels(model: Model, gateway: Node, collect: (from: FlowEnd) => DispositionVisitor): void {
  for (const tunnel of gateway.runtime.tunnels.values()) {
    const link = gateway.interfaces.find((one) => one.name === tunnel.interface);
    if (!link) continue;
    for (const family of [4, 6] as const) {
      const box = createBox(family, toAddressSet(tunnel.allowed), allAddresses, everyService);
      if (!box) continue;
      const from: FlowEnd = { type: "tunnel", gateway, interface: link.name };
      const far = farSide(gateway, { ...link, addresses: box.sources });
      const step = {
        node: far,
        incoming: undefined,
        outgoing: far.interfaces[0] as Interface,
        sourcesBefore: undefined,
        by: [],
      };
      const start: PacketState = { sent: box, current: box, steps: [step], redirected: false, masked: false };
      injectPackets(model, start, { node: gateway, interface: link }, collect(from));
    }
  }
}

/** Whoever stands behind a tunnel, so that paths have a beginning. */
function farSide(gateway: Node, link: Interface): Node {
  return { ...gateway, id: `the far side of ${link.name}`, type: "external", interfaces: [link], pod: undefined };
}
