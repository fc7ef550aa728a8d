import { type AddressSet, allAddresses, intersect, setOfCidrs, without } from "../headerspace/address-set.ts";
import { type Packets, packets } from "../headerspace/packet-set.ts";
import { everyService } from "../headerspace/service-set.ts";
import { domainsOf } from "../model/domains.ts";
import type { Member, Model } from "../model/model.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { answered } from "./answers.ts";
import { attachedModel } from "./attached-model.ts";
import { defaultFlows } from "./default-flows.ts";
import type { Flow, FlowEnd, Flows, Leak, OneWay } from "./flow.ts";
import { outsideFlows } from "./outside-flows.ts";
import type { Sink, Travel } from "./travel.ts";
import { inject, send } from "./walk.ts";

/** Questions other than that of the whole. */
export interface Ask {
  readonly onlyAttached?: boolean;
  /** Only what a gateway is sent or somebody forwards; what the members of a link send one another may be left out. */
  readonly onlyAcross?: boolean;
  /** Pods send whatever they like to any gateway on their links, as if their routes were no border. */
  readonly anyRoute?: boolean;
  /** Subnets whose routes do not count for eth0, since they change between two versions. */
  readonly renumbered?: AddressSet;
  /** Which pods the intents tell apart on networks of their own; absent: all. */
  readonly told?: (node: Node) => string;
}

/** Every connection that the model lets anybody make. */
export function allFlows(whole: Model, ask: Ask = {}): Flows {
  const model = ask.told ? attachedModel(whole, ask.told) : whole;
  const attached: Flow[] = [];
  const oneWay: OneWay[] = [];
  const leaks: Leak[] = [];
  const collect = (from: FlowEnd): Sink => ({
    ...collector(from, attached, oneWay, leaks),
    ...(ask.onlyAcross && { skips: endsOnLink }),
  });
  const gateways = ask.anyRoute ? gatewaysOf(model) : undefined;
  for (const node of model.nodes) {
    if (node.type === "workload") send(model, node, allAddresses, collect({ type: "node", node }));
    if (node.type === "workload" && gateways) toGateways(model, node, gateways, collect({ type: "node", node }));
    if (node.type === "external") fromDevices(model, node, collect({ type: "node", node }));
    if (node.type === "gateway") fromTunnels(model, node, collect);
  }
  const [onDefault, outside] = ask.onlyAttached ? [[], []] : [defaultFlows(whole), outsideFlows(whole, ask.renumbered)];
  return { attached, oneWay, leaks, onDefault, outside };
}

function collector(from: FlowEnd, attached: Flow[], oneWay: OneWay[], leaks: Leak[]): Sink {
  return {
    delivered(travel, node, on) {
      const { travel: back, problems } = answered(travel, node, on);
      const to: FlowEnd = { type: "node", node };
      if (problems.length > 0) oneWay.push({ ...flowOf(from, to, travel, on.domain, []), problems });
      if (back) attached.push(flowOf(from, to, back, on.domain, node.type === "external" ? assumedOf(back, node) : []));
    },
    tunnelled(travel, gateway, tunnel) {
      const to: FlowEnd = { type: "tunnel", gateway, interface: tunnel.name };
      const { travel: back, problems } = answered(travel, "the far side of the tunnel", tunnel);
      if (problems.length > 0) oneWay.push({ ...flowOf(from, to, travel, tunnel.domain, []), problems });
      if (back) attached.push(flowOf(from, to, back, tunnel.domain, []));
    },
    leaked(travel, gateway) {
      leaks.push({ from, gateway, asked: travel.asked });
    },
  };
}

/** Packets that come straight from their sender to somebody who is no gateway and sends nothing on. */
function endsOnLink({ steps }: Travel, { type, forwards4, forwards6 }: Node): boolean {
  return steps.length === 1 && type !== "gateway" && !forwards4 && !forwards6;
}

function assumedOf(travel: Travel, device: Node): readonly string[] {
  if (travel.steps.length < 2 || travel.masked) return [];
  return [`${device.id} has routes back to the senders (handoff.md)`];
}

function flowOf(from: FlowEnd, to: FlowEnd, travel: Travel, medium: string, assumed: readonly string[]): Flow {
  const start = from.type === "node" ? from.node : undefined;
  const through = travel.steps.map((step) => step.node).filter((node) => node !== start && node.type !== "external");
  return { from, to, asked: travel.asked, arrived: travel.now, through, steps: travel.steps, medium, assumed };
}

/** Devices send to everybody on their link, and by any gateway there: their routes are not ours to read. */
function fromDevices(model: Model, device: Node, sink: Sink): void {
  const link = device.interfaces[0] as Interface;
  for (const member of model.domains.get(link.domain) ?? []) {
    // What devices send one another on a wire is nothing of the cluster's; whatever they reach by one another they reach directly.
    if (member.node.type === "external") continue;
    for (const family of [4, 6] as const) {
      const forwards = family === 4 ? member.node.forwards4 : member.node.forwards6;
      for (const to of forwards ? [allAddresses] : addressesOf(member))
        hand(model, device, link, member, packets(family, link.addresses, to, everyService), sink);
    }
  }
}

/** Everything that a member answers on; apart where the addresses of a link are answered by a table of their own. */
function addressesOf({ node, interface: link }: Member): readonly AddressSet[] {
  if (!node.routes.some((route) => route.answersOnly)) return [node.local];
  return [intersect(node.local, link.addresses), without(node.local, link.addresses)];
}

type Gateways = ReadonlyMap<string, readonly Member[]>;

/** By domain: a pod of many interfaces asks for those of each. */
function gatewaysOf(model: Model): Gateways {
  return domainsOf(model.nodes.filter((node) => node.type === "gateway"));
}

function toGateways(model: Model, node: Node, gateways: Gateways, sink: Sink): void {
  for (const link of node.interfaces.filter((one) => one.type === "attachment"))
    for (const member of gateways.get(link.domain) ?? [])
      for (const family of [4, 6] as const)
        hand(model, node, link, member, packets(family, link.addresses, allAddresses, everyService), sink);
}

/** Gives packets to one member of a link. */
function hand(model: Model, node: Node, link: Interface, to: Member, box: Packets | undefined, sink: Sink): void {
  if (!box) return;
  const step = { node, incoming: undefined, outgoing: link, sourcesBefore: undefined, by: [] };
  inject(model, { asked: box, now: box, steps: [step], redirected: false, masked: false }, to, sink);
}

/** The far side of a tunnel sends whatever it likes into it. */
function fromTunnels(model: Model, gateway: Node, collect: (from: FlowEnd) => Sink): void {
  for (const tunnel of gateway.runtime.tunnels.values()) {
    const link = gateway.interfaces.find((one) => one.name === tunnel.interface);
    if (!link) continue;
    for (const family of [4, 6] as const) {
      const box = packets(family, setOfCidrs(tunnel.allowed), allAddresses, everyService);
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
      const start: Travel = { asked: box, now: box, steps: [step], redirected: false, masked: false };
      inject(model, start, { node: gateway, interface: link }, collect(from));
    }
  }
}

/** Whoever stands behind a tunnel, so that paths have a beginning. */
function farSide(gateway: Node, link: Interface): Node {
  return { ...gateway, id: `the far side of ${link.name}`, type: "external", interfaces: [link], pod: undefined };
}
