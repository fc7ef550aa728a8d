import type { Address } from "../../net/address.ts";
import { formatAddress } from "../../net/address.ts";
import { toSingleRange } from "../../net/range.ts";
import {
  type AddressSet,
  formatAddressSet,
  hasCommonAddress,
  intersectAddresses,
  subtractAddresses,
  toAddressSet,
  uniteAddresses,
  uniteAllAddresses,
} from "../headerspace/address-set.ts";
import { createBox, type HeaderBox, type HeaderSpace, subtractBox } from "../headerspace/packet-set.ts";
import { everyService, type ServiceSet } from "../headerspace/service-set.ts";
import type { RuntimeTunnel } from "../model/gateways/runtime.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { DomainMember, Model } from "../model/model.ts";
import { ETH0, type Interface, type Node, type Route } from "../model/pods/node.ts";
import { hasSeveralPods } from "../model/pods/pod-count.ts";
import { lookUpRoutes } from "../model/pods/routes.ts";
import { computeAllowedOnPort } from "../model/policies/on-ovn-port.ts";
import { computeAllowedOnNetwork, listPolicyManifests } from "../model/policies/secondary-network.ts";
import { evaluateFilter } from "../nft/evaluate.ts";
import { applyNat } from "../nft/translate.ts";
import { findAddressOwners, listHeldAddresses } from "./address-owners.ts";
import { explainTunnelDown, passesNeighbourDiscovery } from "./link-state.ts";
import { type DispositionVisitor, type FlowReason, narrowPackets, type PacketState } from "./packet-state.ts";

/** Sends packets of a node to destinations, over everything but its eth0, and tells the sink what becomes of them. */
export function sendPackets(
  model: Model,
  from: Node,
  destinations: AddressSet,
  sink: DispositionVisitor,
  services: ServiceSet = everyService,
): void {
  for (const family of [4, 6] as const)
    for (const { destinations: part, route } of lookUpRoutes(from, destinations, family)) {
      const link = from.interfaces.find((one) => one.name === route?.interface);
      if (!route || !link || link.type === "default") continue;
      const box = createBox(family, link.addresses, part, services);
      if (!box) continue;
      const start: PacketState = { sent: box, current: box, steps: [], redirected: false, masked: false };
      const allowed = computeAllowedOnNetwork(model, from, link, "egress", box);
      if (sink.dropped) reportCut(model, start, from, link, "egress", allowed, sink);
      for (const one of allowed) transmit(model, narrowPackets(start, one), { node: from, link, route, by: [] }, sink);
    }
}

/** Packets that a device outside of any manifest puts on a link, for a gateway to forward: its routes are not ours. */
export function injectPackets(model: Model, travel: PacketState, at: DomainMember, sink: DispositionVisitor): void {
  arrive(model, travel, at, sink);
}

interface Leaving {
  readonly node: Node;
  readonly link: Interface;
  readonly route: Route;
  readonly incoming?: Interface;
  readonly sourcesBefore?: AddressSet;
  readonly by: readonly FlowReason[];
}

/** Puts packets on a link: to the next hop, or to whoever has their destinations there. */
function transmit(model: Model, travel: PacketState, leaving: Leaving, sink: DispositionVisitor): undefined {
  const { node, link, route } = leaving;
  const step = {
    node,
    incoming: leaving.incoming,
    outgoing: link,
    sourcesBefore: leaving.sourcesBefore,
    by: leaving.by,
  };
  const sent: PacketState = { ...travel, steps: [...travel.steps, step] };
  if (link.type === "tunnel") return throughTunnel(model, sent, node, link, sink);
  let left = sent.current.destinations;
  const asked = route.via ? [toSingleRange(route.via)] : left;
  for (const member of findAddressOwners(model.domains.get(link.domain) ?? [], asked)) {
    if (member.node === node && (route.via || !hasSeveralPods(node))) continue;
    const held = listHeldAddresses(member.interface);
    if (route.via) {
      if (!hasCommonAddress(held, [toSingleRange(route.via)])) continue;
      left = [];
      arrive(model, sent, member, sink);
    } else {
      const box = createBox(
        sent.current.family,
        sent.current.sources,
        intersectAddresses(left, held),
        sent.current.services,
      );
      if (box) arrive(model, narrowPackets(sent, box), member, sink);
    }
  }
  if (sink.dropped) reportUnowned(model, sent, leaving, left, sink);
}

function reportUnowned(
  model: Model,
  sent: PacketState,
  leaving: Leaving,
  left: AddressSet,
  sink: DispositionVisitor,
): void {
  if (left.length === 0) return;
  const { link, route, node } = leaving;
  const others = (model.domains.get(link.domain) ?? []).filter((member) => member.node !== node);
  const held = uniteAllAddresses(others.map((member) => listHeldAddresses(member.interface)));
  const place = link.network && locateInManifest(link.network.manifest, "spec", "config");
  if (route.via)
    dropAt(sent, node, `nobody on ${link.domain} answers for the next hop ${formatNextHop(route.via)}`, place, sink);
  else {
    const nobody = subtractAddresses(left, held);
    const box = createBox(sent.current.family, sent.current.sources, nobody, sent.current.services);
    if (box)
      dropAt(narrowPackets(sent, box), node, `nobody on ${link.domain} has ${formatAddressSet(nobody)}`, place, sink);
  }
}

function formatNextHop(address: Address): string {
  return formatAddress(address);
}

function throughTunnel(
  model: Model,
  sent: PacketState,
  gateway: Node,
  link: Interface,
  sink: DispositionVisitor,
): undefined {
  const tunnel = gateway.runtime.tunnels.get(link.name);
  const down = explainTunnelDown(model, gateway, link.name);
  if (down !== undefined)
    return dropAt(sent, gateway, `the tunnel ${link.name} never comes up: ${down}`, tunnel?.place, sink);
  if (!tunnel) return;
  const taken = behind.get(tunnel) ?? toAddressSet(tunnel.allowed);
  behind.set(tunnel, taken);
  const { family, sources, destinations, services } = sent.current;
  const box = createBox(family, sources, intersectAddresses(destinations, taken), services);
  if (box) sink.tunnelled(narrowPackets(sent, box), gateway, link);
}

/** Everything that a tunnel takes. */
const behind = new WeakMap<RuntimeTunnel, AddressSet>();

function dropAt(
  travel: PacketState,
  at: Node,
  text: string,
  place: FlowReason["place"],
  sink: DispositionVisitor,
): undefined {
  sink.dropped?.(travel, at, { text, place });
}

/** Packets come in by a link: for the node itself, or to be forwarded. */
function arrive(
  model: Model,
  travel: PacketState,
  { node, interface: link }: DomainMember,
  sink: DispositionVisitor,
): undefined {
  if (sink.skips?.(travel, node)) return;
  const among = travel.steps.length === 1 && hasSeveralPods(node);
  if (!among && travel.steps.some((step) => step.node === node))
    return dropAt(travel, node, "packets go in a circle", node.place, sink);
  if (travel.current.family === 6 && !passesNeighbourDiscovery(node, link))
    return dropAt(travel, node, `its rules drop neighbour discovery on ${link.name}`, node.runtime.rulesAt, sink);
  const arrived = reversePath(travel, node, link, sink);
  if (!arrived) return;
  const crossing = { incoming: link.name, outgoing: undefined, state: "new" as const, translated: false };
  const { ruleset } = node.runtime;
  const parts = ruleset ? applyNat(ruleset, "prerouting", crossing, arrived.current, []) : undefined;
  for (const part of parts ?? [{ before: arrived.current, after: arrived.current, rule: undefined }]) {
    const changed = part.rule?.statement.type === "destination";
    const one: PacketState = {
      ...narrowPackets(arrived, part.before),
      current: part.after,
      redirected: arrived.redirected || changed,
    };
    accept(model, one, node, link, sink);
    forward(model, one, node, link, changed, sink);
  }
}

/** rp_filter (RFC 3704): strict wants the way back on the same link, loose any way back. IPv4 only. */
function reversePath(
  travel: PacketState,
  node: Node,
  link: Interface,
  sink: DispositionVisitor,
): PacketState | undefined {
  if (link.reversePath === 0 || travel.current.family === 6) return travel;
  const fits = lookUpRoutes(node, travel.current.sources, 4, travel.current.destinations)
    .filter(({ route }) => route?.interface !== undefined && (link.reversePath === 2 || route.interface === link.name))
    .reduce<AddressSet>((all, part) => uniteAddresses(all, part.destinations), []);
  const box = createBox(
    4,
    intersectAddresses(travel.current.sources, fits),
    travel.current.destinations,
    travel.current.services,
  );
  const rest = subtractAddresses(travel.current.sources, fits);
  if (rest.length > 0) {
    const text = `rp_filter on ${link.name} drops what comes from ${formatAddressSet(rest)}: the way back is another one`;
    const cut = createBox(4, rest, travel.current.destinations, travel.current.services);
    if (cut)
      dropAt(narrowPackets(travel, cut), node, text, link.network && locateInManifest(link.network.manifest), sink);
  }
  return box && narrowPackets(travel, box);
}

/** What is for the node itself, on whichever of its interfaces it has the address (weak host model, RFC 1122 3.3.4.2). */
function accept(model: Model, travel: PacketState, node: Node, link: Interface, sink: DispositionVisitor): void {
  const box = createBox(
    travel.current.family,
    travel.current.sources,
    intersectAddresses(travel.current.destinations, node.local),
    travel.current.services,
  );
  if (!box) return;
  const own = narrowPackets(travel, box);
  const allowed = computeAllowedOnNetwork(model, node, link, "ingress", box);
  if (sink.dropped) reportCut(model, own, node, link, "ingress", allowed, sink);
  const crossing = { incoming: link.name, outgoing: undefined, state: "new" as const, translated: travel.redirected };
  for (const one of allowed) {
    const { ruleset } = node.runtime;
    const verdicts = ruleset ? evaluateFilter(ruleset, "input", crossing, one) : { accepted: [one], dropped: [] };
    for (const cut of verdicts.dropped) {
      const text = cut.rule ? `rule \`${cut.rule.text}\`` : `the policy of chain \`${cut.chain.name}\``;
      dropAt(narrowPackets(own, cut.packets), node, text, cut.rule?.place ?? node.runtime.rulesAt, sink);
    }
    for (const through of verdicts.accepted) sink.delivered(narrowPackets(own, through), node, link);
  }
}

function reportCut(
  model: Model,
  travel: PacketState,
  node: Node,
  link: Interface,
  direction: "ingress" | "egress",
  allowed: HeaderSpace,
  sink: DispositionVisitor,
): void {
  const guards = listPolicyManifests(model, node, link, direction);
  const first = guards[0];
  if (!first) return;
  const names = guards.map(formatName).join(", ");
  let left: HeaderSpace = [travel.current];
  for (const one of allowed) left = left.flatMap((box) => cut(box, one));
  for (const box of left) {
    const way = direction === "ingress" ? "into" : "out of";
    dropAt(
      narrowPackets(travel, box),
      node,
      `no rule of ${names} lets it ${way} ${link.name}`,
      locateInManifest(first, "spec"),
      sink,
    );
  }
}

function cut(box: HeaderBox, taken: HeaderBox): HeaderSpace {
  return subtractBox(box, taken);
}

function forward(
  model: Model,
  travel: PacketState,
  node: Node,
  link: Interface,
  translated: boolean,
  sink: DispositionVisitor,
): undefined {
  const { family } = travel.current;
  const rest = subtractAddresses(travel.current.destinations, node.local);
  const box = createBox(family, travel.current.sources, rest, travel.current.services);
  if (!box) return;
  const own = narrowPackets(travel, box);
  if (!(family === 4 ? node.forwards4 : node.forwards6))
    return dropAt(own, node, `it forwards no IPv${family} packets`, node.place, sink);
  // What is on a port of OVN is asked of all packets; hooks in the pod itself are passed by what it forwards.
  const allowed = computeAllowedOnPort(model, node, link, "ingress", box);
  if (sink.dropped) reportCut(model, own, node, link, "ingress", allowed, sink);
  for (const one of allowed)
    for (const { destinations, route } of lookUpRoutes(node, rest, family)) {
      const part = createBox(family, one.sources, intersectAddresses(destinations, one.destinations), one.services);
      if (!part) continue;
      const routed = narrowPackets(own, part);
      if (!route?.interface) dropAt(routed, node, `no route to ${formatAddressSet(destinations)}`, node.place, sink);
      else forwardBy(model, routed, { node, link, route, translated }, sink);
    }
}

interface Forwarding {
  readonly node: Node;
  readonly link: Interface;
  readonly route: Route;
  readonly translated: boolean;
}

/** The forward chain, translation of the source, and out. */
function forwardBy(
  model: Model,
  travel: PacketState,
  { node, link, route, translated }: Forwarding,
  sink: DispositionVisitor,
): undefined {
  const out = node.interfaces.find((one) => one.name === route.interface);
  if (!out) return dropAt(travel, node, `there is no interface ${route.interface}`, node.place, sink);
  const { ruleset } = node.runtime;
  const crossing = { incoming: link.name, outgoing: out.name, state: "new" as const, translated };
  const verdicts = ruleset
    ? evaluateFilter(ruleset, "forward", crossing, travel.current)
    : { accepted: [travel.current], dropped: [] };
  for (const one of verdicts.dropped) {
    const text = one.rule ? `rule \`${one.rule.text}\`` : `the policy of chain \`${one.chain.name}\``;
    dropAt(narrowPackets(travel, one.packets), node, text, one.rule?.place ?? node.runtime.rulesAt, sink);
  }
  for (const accepted of verdicts.accepted) {
    const passed = narrowPackets(travel, accepted);
    const own = out.virtual.length > 0 && out.type !== "tunnel" ? out.addresses : listHeldAddresses(out);
    const parts = ruleset ? applyNat(ruleset, "postrouting", crossing, accepted, own) : undefined;
    for (const part of parts ?? [{ before: accepted, after: accepted, rule: undefined }]) {
      const changed = part.rule !== undefined && part.rule.statement.type !== "verdict";
      const next: PacketState = {
        ...narrowPackets(passed, part.before),
        current: part.after,
        masked: passed.masked || changed,
      };
      if (out.name === ETH0) {
        sink.leaked(next, node);
        continue;
      }
      const before = changed ? { sourcesBefore: part.before.sources } : {};
      const leaving = { node, link: out, route, incoming: link, by: [], ...before };
      const allowed = computeAllowedOnPort(model, node, out, "egress", next.current);
      if (sink.dropped) reportCut(model, next, node, out, "egress", allowed, sink);
      for (const some of allowed) transmit(model, narrowPackets(next, some), leaving, sink);
    }
  }
}
