import type { Address } from "../../net/address.ts";
import { formatAddress } from "../../net/address.ts";
import { oneAddress } from "../../net/range.ts";
import {
  type AddressSet,
  formatSet,
  intersect,
  meets,
  setOfCidrs,
  unite,
  uniteAll,
  without,
} from "../headerspace/address-set.ts";
import { type PacketSet, type Packets, packets, withoutPackets } from "../headerspace/packet-set.ts";
import { everyService, type ServiceSet } from "../headerspace/service-set.ts";
import type { Tunnel } from "../model/gateways/runtime.ts";
import { nameOf, placeIn } from "../model/manifests/manifest.ts";
import type { Member, Model } from "../model/model.ts";
import { ETH0, type Interface, type Node, type Route } from "../model/pods/node.ts";
import { isMany } from "../model/pods/pod-count.ts";
import { lookUp } from "../model/pods/routes.ts";
import { allowedOnNetwork, guardsOn } from "../model/policies/attached-network.ts";
import { allowedOnPort } from "../model/policies/on-ovn-port.ts";
import { filter } from "../nft/evaluate.ts";
import { translate } from "../nft/translate.ts";
import { heldBy, holders } from "./holders.ts";
import { neighboursFound, tunnelIsUp } from "./link-state.ts";
import { narrowed, type Reason, type Sink, type Travel } from "./travel.ts";

/** Sends packets of a node to destinations, over everything but its eth0, and tells the sink what becomes of them. */
export function send(
  model: Model,
  from: Node,
  destinations: AddressSet,
  sink: Sink,
  services: ServiceSet = everyService,
): void {
  for (const family of [4, 6] as const)
    for (const { destinations: part, route } of lookUp(from, destinations, family)) {
      const link = from.interfaces.find((one) => one.name === route?.interface);
      if (!route || !link || link.type === "default") continue;
      const box = packets(family, link.addresses, part, services);
      if (!box) continue;
      const start: Travel = { asked: box, now: box, steps: [], redirected: false, masked: false };
      const allowed = allowedOnNetwork(model, from, link, "egress", box);
      if (sink.dropped) reportCut(model, start, from, link, "egress", allowed, sink);
      for (const one of allowed) transmit(model, narrowed(start, one), { node: from, link, route, by: [] }, sink);
    }
}

/** Packets that a device outside of any manifest puts on a link, for a gateway to forward: its routes are not ours. */
export function inject(model: Model, travel: Travel, at: Member, sink: Sink): void {
  arrive(model, travel, at, sink);
}

interface Leaving {
  readonly node: Node;
  readonly link: Interface;
  readonly route: Route;
  readonly incoming?: Interface;
  readonly sourcesBefore?: AddressSet;
  readonly by: readonly Reason[];
}

/** Puts packets on a link: to the next hop, or to whoever has their destinations there. */
function transmit(model: Model, travel: Travel, leaving: Leaving, sink: Sink): undefined {
  const { node, link, route } = leaving;
  const step = {
    node,
    incoming: leaving.incoming,
    outgoing: link,
    sourcesBefore: leaving.sourcesBefore,
    by: leaving.by,
  };
  const sent: Travel = { ...travel, steps: [...travel.steps, step] };
  if (link.type === "tunnel") return throughTunnel(model, sent, node, link, sink);
  let left = sent.now.destinations;
  const asked = route.via ? [oneAddress(route.via)] : left;
  for (const member of holders(model.domains.get(link.domain) ?? [], asked)) {
    if (member.node === node && (route.via || !isMany(node))) continue;
    const held = heldBy(member.interface);
    if (route.via) {
      if (!meets(held, [oneAddress(route.via)])) continue;
      left = [];
      arrive(model, sent, member, sink);
    } else {
      const box = packets(sent.now.family, sent.now.sources, intersect(left, held), sent.now.services);
      if (box) arrive(model, narrowed(sent, box), member, sink);
    }
  }
  if (sink.dropped) reportUnowned(model, sent, leaving, left, sink);
}

function reportUnowned(model: Model, sent: Travel, leaving: Leaving, left: AddressSet, sink: Sink): void {
  if (left.length === 0) return;
  const { link, route, node } = leaving;
  const others = (model.domains.get(link.domain) ?? []).filter((member) => member.node !== node);
  const held = uniteAll(others.map((member) => heldBy(member.interface)));
  const place = link.network && placeIn(link.network.manifest, "spec", "config");
  if (route.via) dropAt(sent, node, `nobody on ${link.domain} answers for the next hop ${via(route.via)}`, place, sink);
  else {
    const nobody = without(left, held);
    const box = packets(sent.now.family, sent.now.sources, nobody, sent.now.services);
    if (box) dropAt(narrowed(sent, box), node, `nobody on ${link.domain} has ${formatSet(nobody)}`, place, sink);
  }
}

function via(address: Address): string {
  return formatAddress(address);
}

function throughTunnel(model: Model, sent: Travel, gateway: Node, link: Interface, sink: Sink): undefined {
  const tunnel = gateway.runtime.tunnels.get(link.name);
  const down = tunnelIsUp(model, gateway, link.name);
  if (down !== undefined)
    return dropAt(sent, gateway, `the tunnel ${link.name} never comes up: ${down}`, tunnel?.place, sink);
  if (!tunnel) return;
  const taken = behind.get(tunnel) ?? setOfCidrs(tunnel.allowed);
  behind.set(tunnel, taken);
  const { family, sources, destinations, services } = sent.now;
  const box = packets(family, sources, intersect(destinations, taken), services);
  if (box) sink.tunnelled(narrowed(sent, box), gateway, link);
}

/** Everything that a tunnel takes. */
const behind = new WeakMap<Tunnel, AddressSet>();

function dropAt(travel: Travel, at: Node, text: string, place: Reason["place"], sink: Sink): undefined {
  sink.dropped?.(travel, at, { text, place });
}

/** Packets come in by a link: for the node itself, or to be forwarded. */
function arrive(model: Model, travel: Travel, { node, interface: link }: Member, sink: Sink): undefined {
  if (sink.skips?.(travel, node)) return;
  const among = travel.steps.length === 1 && isMany(node);
  if (!among && travel.steps.some((step) => step.node === node))
    return dropAt(travel, node, "packets go in a circle", node.place, sink);
  if (travel.now.family === 6 && !neighboursFound(node, link))
    return dropAt(travel, node, `its rules drop neighbour discovery on ${link.name}`, node.runtime.rulesAt, sink);
  const arrived = reversePath(travel, node, link, sink);
  if (!arrived) return;
  const crossing = { incoming: link.name, outgoing: undefined, state: "new" as const, translated: false };
  const { ruleset } = node.runtime;
  const parts = ruleset ? translate(ruleset, "prerouting", crossing, arrived.now, []) : undefined;
  for (const part of parts ?? [{ before: arrived.now, after: arrived.now, rule: undefined }]) {
    const changed = part.rule?.statement.type === "destination";
    const one: Travel = {
      ...narrowed(arrived, part.before),
      now: part.after,
      redirected: arrived.redirected || changed,
    };
    accept(model, one, node, link, sink);
    forward(model, one, node, link, changed, sink);
  }
}

/** rp_filter (RFC 3704): strict wants the way back on the same link, loose any way back. IPv4 only. */
function reversePath(travel: Travel, node: Node, link: Interface, sink: Sink): Travel | undefined {
  if (link.reversePath === 0 || travel.now.family === 6) return travel;
  const fits = lookUp(node, travel.now.sources, 4, travel.now.destinations)
    .filter(({ route }) => route?.interface !== undefined && (link.reversePath === 2 || route.interface === link.name))
    .reduce<AddressSet>((all, part) => unite(all, part.destinations), []);
  const box = packets(4, intersect(travel.now.sources, fits), travel.now.destinations, travel.now.services);
  const rest = without(travel.now.sources, fits);
  if (rest.length > 0) {
    const text = `rp_filter on ${link.name} drops what comes from ${formatSet(rest)}: the way back is another one`;
    const cut = packets(4, rest, travel.now.destinations, travel.now.services);
    if (cut) dropAt(narrowed(travel, cut), node, text, link.network && placeIn(link.network.manifest), sink);
  }
  return box && narrowed(travel, box);
}

/** What is for the node itself, on whichever of its interfaces it has the address (weak host model, RFC 1122 3.3.4.2). */
function accept(model: Model, travel: Travel, node: Node, link: Interface, sink: Sink): void {
  const box = packets(
    travel.now.family,
    travel.now.sources,
    intersect(travel.now.destinations, node.local),
    travel.now.services,
  );
  if (!box) return;
  const own = narrowed(travel, box);
  const allowed = allowedOnNetwork(model, node, link, "ingress", box);
  if (sink.dropped) reportCut(model, own, node, link, "ingress", allowed, sink);
  const crossing = { incoming: link.name, outgoing: undefined, state: "new" as const, translated: travel.redirected };
  for (const one of allowed) {
    const { ruleset } = node.runtime;
    const verdicts = ruleset ? filter(ruleset, "input", crossing, one) : { accepted: [one], dropped: [] };
    for (const cut of verdicts.dropped) {
      const text = cut.rule ? `rule \`${cut.rule.text}\`` : `the policy of chain \`${cut.chain.name}\``;
      dropAt(narrowed(own, cut.packets), node, text, cut.rule?.place ?? node.runtime.rulesAt, sink);
    }
    for (const through of verdicts.accepted) sink.delivered(narrowed(own, through), node, link);
  }
}

function reportCut(
  model: Model,
  travel: Travel,
  node: Node,
  link: Interface,
  direction: "ingress" | "egress",
  allowed: PacketSet,
  sink: Sink,
): void {
  const guards = guardsOn(model, node, link, direction);
  const first = guards[0];
  if (!first) return;
  const names = guards.map(nameOf).join(", ");
  let left: PacketSet = [travel.now];
  for (const one of allowed) left = left.flatMap((box) => cut(box, one));
  for (const box of left) {
    const way = direction === "ingress" ? "into" : "out of";
    dropAt(
      narrowed(travel, box),
      node,
      `no rule of ${names} lets it ${way} ${link.name}`,
      placeIn(first, "spec"),
      sink,
    );
  }
}

function cut(box: Packets, taken: Packets): PacketSet {
  return withoutPackets(box, taken);
}

function forward(
  model: Model,
  travel: Travel,
  node: Node,
  link: Interface,
  translated: boolean,
  sink: Sink,
): undefined {
  const { family } = travel.now;
  const rest = without(travel.now.destinations, node.local);
  const box = packets(family, travel.now.sources, rest, travel.now.services);
  if (!box) return;
  const own = narrowed(travel, box);
  if (!(family === 4 ? node.forwards4 : node.forwards6))
    return dropAt(own, node, `it forwards no IPv${family} packets`, node.place, sink);
  // What is on a port of OVN is asked of all packets; hooks in the pod itself are passed by what it forwards.
  const allowed = allowedOnPort(model, node, link, "ingress", box);
  if (sink.dropped) reportCut(model, own, node, link, "ingress", allowed, sink);
  for (const one of allowed)
    for (const { destinations, route } of lookUp(node, rest, family)) {
      const part = packets(family, one.sources, intersect(destinations, one.destinations), one.services);
      if (!part) continue;
      const routed = narrowed(own, part);
      if (!route?.interface) dropAt(routed, node, `no route to ${formatSet(destinations)}`, node.place, sink);
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
function forwardBy(model: Model, travel: Travel, { node, link, route, translated }: Forwarding, sink: Sink): undefined {
  const out = node.interfaces.find((one) => one.name === route.interface);
  if (!out) return dropAt(travel, node, `there is no interface ${route.interface}`, node.place, sink);
  const { ruleset } = node.runtime;
  const crossing = { incoming: link.name, outgoing: out.name, state: "new" as const, translated };
  const verdicts = ruleset ? filter(ruleset, "forward", crossing, travel.now) : { accepted: [travel.now], dropped: [] };
  for (const one of verdicts.dropped) {
    const text = one.rule ? `rule \`${one.rule.text}\`` : `the policy of chain \`${one.chain.name}\``;
    dropAt(narrowed(travel, one.packets), node, text, one.rule?.place ?? node.runtime.rulesAt, sink);
  }
  for (const accepted of verdicts.accepted) {
    const passed = narrowed(travel, accepted);
    const own = out.virtual.length > 0 && out.type !== "tunnel" ? out.addresses : heldBy(out);
    const parts = ruleset ? translate(ruleset, "postrouting", crossing, accepted, own) : undefined;
    for (const part of parts ?? [{ before: accepted, after: accepted, rule: undefined }]) {
      const changed = part.rule !== undefined && part.rule.statement.type !== "verdict";
      const next: Travel = { ...narrowed(passed, part.before), now: part.after, masked: passed.masked || changed };
      if (out.name === ETH0) {
        sink.leaked(next, node);
        continue;
      }
      const before = changed ? { sourcesBefore: part.before.sources } : {};
      const leaving = { node, link: out, route, incoming: link, by: [], ...before };
      const allowed = allowedOnPort(model, node, out, "egress", next.now);
      if (sink.dropped) reportCut(model, next, node, out, "egress", allowed, sink);
      for (const some of allowed) transmit(model, narrowed(next, some), leaving, sink);
    }
  }
}
