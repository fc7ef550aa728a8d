import { groupBy } from "../../collections/group-by.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Family, formatAddress } from "../../net/address.ts";
import { toSingleRange } from "../../net/range.ts";
import type { Flow, FlowSet, PodGroup } from "../dataplane/flow.ts";
import type { ExpectedTunnel } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import {
  type AddressSet,
  createAddressSet,
  filterFamily,
  formatAddressSet,
  listAllAddresses,
  subtractAddresses,
  toAddressSet,
  uniteAddresses,
} from "../headerspace/address-set.ts";
import { createBox } from "../headerspace/packet-set.ts";
import { everyService, intersectServices } from "../headerspace/service-set.ts";
import type { RuntimeTunnel } from "../model/gateways/runtime.ts";
import { readText } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { ETH0, listParts, type Node } from "../model/pods/node.ts";
import { lookUpRoutes } from "../model/pods/routes.ts";
import { computeAllowedServices } from "../model/policies/primary-network.ts";
import { evaluateFilter, findChains } from "../nft/evaluate.ts";
import { verifyRules } from "../rules.ts";

/** Clear text where a tunnel was meant: when it is down, and in names. */
export function checkTunnels(model: Model, flows: FlowSet, watch: ExpectedIndex): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const leak of flows.leaks) {
    const pod = leak.from.type === "node" ? leak.from.node.id : "what comes out of the tunnel";
    found.push(clear(leak.gateway, pod, leak.gateway.id, formatAddressSet(leak.asked.destinations.slice(0, 2))));
  }
  const into = groupBy(flows.secondary, ({ to }) => (to.type === "tunnel" ? to.gateway : undefined));
  // Of two tunnels of one gateway the first is meant.
  const meant = new Map([...watch.expected.tunnels].reverse().map((one) => [one.gateway, one]));
  const asking = askingCluster(flows);
  for (const gateway of model.nodes.filter((node) => node.runtime.tunnels.size > 0)) {
    found.push(...withoutTunnel(gateway), ...clients(model, gateway, into.get(gateway) ?? [], asking, watch));
    found.push(...checkExpectedTunnel(gateway, meant.get(gateway.intent ?? "")));
  }
  return found;
}

/** What is behind a tunnel, and who: more lets the far side in, less cuts off, another peer hears everything. */
function checkExpectedTunnel(gateway: Node, meant: ExpectedTunnel | undefined): readonly Diagnostic[] {
  if (!meant) return [];
  const related = [{ place: meant.origin, label: "meant here" }];
  const named = toAddressSet(meant.destinations);
  return [...gateway.runtime.tunnels.values()].flatMap((tunnel) => {
    const { place, interface: link } = tunnel;
    const taken = toAddressSet(tunnel.allowed);
    const [more, less] = [subtractAddresses(taken, named), subtractAddresses(named, taken)];
    const found: Diagnostic[] = [];
    if (more.length > 0) {
      const why = `${link} takes packets from ${formatAddressSet(more.slice(0, 2))}, which no intent sends there`;
      found.push(verifyRules.diagnose("fails-open", place, { gateway: gateway.id, why }, { related }));
    }
    const held = gateway.runtime.addresses
      .filter((one) => one.interface === link)
      .map((one) => toSingleRange(one.address.address));
    const own = createAddressSet(meant.addresses.map((one) => toSingleRange(one.address)));
    const foreign = [
      ...subtractAddresses(createAddressSet(held), own),
      ...subtractAddresses(own, createAddressSet(held)),
    ];
    const address =
      foreign.length > 0
        ? `${link} has ${formatAddressSet(createAddressSet(held)) || "no address"}, and ${formatAddressSet(own)} is meant`
        : undefined;
    const size =
      tunnel.mtu === meant.mtu ? undefined : `${link} has an MTU of ${tunnel.mtu}, and ${meant.mtu} is meant`;
    const stray =
      less.length > 0
        ? `${link} leaves out ${formatAddressSet(less.slice(0, 2))}`
        : (strayPeer(tunnel, meant) ?? address ?? size);
    if (stray !== undefined)
      found.push(verifyRules.diagnose("no-traffic", place, { what: gateway.id, why: stray }, { related }));
    return found;
  });
}

function strayPeer({ interface: link, endpoint, identity }: RuntimeTunnel, meant: ExpectedTunnel): string | undefined {
  const { peer, port } = meant;
  if (endpoint?.address.value !== peer.value || endpoint.address.family !== peer.family)
    return `${link} does not lead to ${formatAddress(peer)}`;
  if (port !== undefined && !endpoint.ports.includes(port)) return `${link} does not lead to port ${port}`;
  if (identity.length === meant.identity.length && identity.every((one, index) => one === meant.identity[index]))
    return undefined;
  return `${link} knows ${identity.join(" and ") || "nobody"}, and not ${meant.identity.join(" and ")}`;
}

function clear(at: Node, pod: string, vpn: string, destination: string): Diagnostic {
  return verifyRules.diagnose("clear-text", at.runtime.rulesAt ?? at.place, { pod, vpn, destination });
}

/** The gateway as it is once its tunnel is gone: routes of the tunnel vanish with it (dataplane: V5). */
function withoutTunnel(gateway: Node): readonly Diagnostic[] {
  const names = new Set(gateway.runtime.tunnels.keys());
  const bare: Node = { ...gateway, routes: gateway.routes.filter((route) => !names.has(route.interface ?? "")) };
  const found: Diagnostic[] = [];
  const out = ([4, 6] as const).find(
    (family) => (family === 4 ? gateway.forwards4 : gateway.forwards6) && forwards(gateway, family),
  );
  if (out) {
    const why = `its rules let IPv${out} packets of clients out of eth0, and only a route keeps them in`;
    found.push(
      verifyRules.diagnose("fails-open", gateway.runtime.rulesAt ?? gateway.place, { gateway: gateway.id, why }),
    );
  }
  for (const tunnel of gateway.runtime.tunnels.values())
    for (const family of [4, 6] as const) {
      const whole = filterFamily(toAddressSet(tunnel.allowed), family);
      const to = lookUpRoutes(gateway, whole, family)
        .filter(({ route }) => route?.interface === tunnel.interface)
        .reduce<typeof whole>((all, part) => uniteAddresses(all, part.destinations), []);
      for (const { destinations, route } of to.length > 0 ? lookUpRoutes(bare, to, family) : []) {
        if (route?.interface !== ETH0) continue;
        const why = `without ${tunnel.interface} it routes ${formatAddressSet(destinations)} to eth0: no unreachable route`;
        found.push(
          verifyRules.diagnose("fails-open", gateway.runtime.rulesAt ?? gateway.place, { gateway: gateway.id, why }),
        );
        if (forwards(gateway, family))
          found.push(clear(gateway, "every client", gateway.intent ?? gateway.id, formatAddressSet(destinations)));
      }
    }
  return found;
}

/** Whether the forward chain would let anything out of eth0. */
function forwards(gateway: Node, family: Family): boolean {
  const { ruleset } = gateway.runtime;
  const legs = gateway.interfaces.filter((one) => one.type === "attachment");
  return legs.some((leg) => {
    const box = createBox(family, listAllAddresses(family), listAllAddresses(family), everyService);
    const crossing = { incoming: leg.name, outgoing: ETH0, state: "new" as const, translated: false };
    if (!ruleset || findChains(ruleset, "forward", "filter").length === 0) return true;
    return box !== undefined && evaluateFilter(ruleset, "forward", crossing, box).accepted.length > 0;
  });
}

/** Clients whose eth0 reaches the same destinations: their route goes when their link does (dataplane: V7). */
function clients(
  model: Model,
  gateway: Node,
  into: readonly Flow[],
  asking: ReadonlySet<Node>,
  watch: ExpectedIndex,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const seen = new Set<Node>();
  for (const flow of into) {
    for (const node of flow.from.type === "node" ? listParts(flow.from.node) : []) {
      if (seen.has(node)) continue;
      seen.add(node);
      const vpn = gateway.intent ?? gateway.id;
      const open = besideLink(model, node, flow.steps[0]?.outgoing.name, flow.sent.destinations);
      if (open.length > 0) found.push(clear(node, node.id, vpn, formatAddressSet(open.slice(0, 1))));
      if (everything(flow.sent.destinations) && asksCluster(node, asking)) {
        const place = watch.zones.get(node.namespace)?.origin ?? node.place;
        found.push(verifyRules.diagnose("dns-leak", place, { pod: node.id, vpn }));
      }
    }
  }
  return found;
}

/** What a pod would send out of its eth0 in clear text once a link and its routes are gone. */
function besideLink(model: Model, node: Node, link: string | undefined, destinations: AddressSet): AddressSet {
  const bare: Node = { ...node, routes: node.routes.filter((route) => route.interface !== link) };
  return ([4, 6] as const).flatMap((family) => {
    const left = lookUpRoutes(bare, filterFamily(destinations, family), family)
      .filter(({ route }) => route?.interface === ETH0)
      .reduce<AddressSet>((all, part) => uniteAddresses(all, part.destinations), []);
    if (left.length === 0) return [];
    const allowed = computeAllowedServices(model, node, "egress", { addresses: left }, family);
    return intersectServices(allowed, everyService).length > 0 ? left : [];
  });
}

function everything(destinations: ReturnType<typeof filterFamily>): boolean {
  return destinations.some((range) => range.end - range.start > 1n << 30n && range.family === 4);
}

/** A pod asks the cluster's resolver unless its manifest names another. */
function asksCluster(node: Node, asking: ReadonlySet<Node>): boolean {
  return readText(node.pod?.spec, "dnsPolicy") !== "None" || asking.has(node);
}

/** Pods whose eth0 reaches the cluster's resolver. */
function askingCluster(flows: FlowSet): ReadonlySet<Node> {
  const resolvers = new Map<PodGroup, boolean>();
  const hasResolver = (group: PodGroup) => {
    const known = resolvers.get(group) ?? group.nodes.some((node) => node.type === "resolver");
    resolvers.set(group, known);
    return known;
  };
  const senders = new Set(flows.primary.filter((flow) => hasResolver(flow.to)).map((flow) => flow.from));
  return new Set([...senders].flatMap((group) => group.nodes));
}
