import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { embedIpv4Ranges } from "../../net/embedded.ts";
import { findExpectedAddresses } from "../expected/ends.ts";
import type { ExpectedFlow, ExpectedTunnel } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import {
  type AddressSet,
  createAddressSet,
  filterFamily,
  formatAddressSet,
  intersectAddresses,
  subtractAddresses,
  toAddressSet,
  uniteAddresses,
} from "../headerspace/address-set.ts";
import { everyService, intersectServices } from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import { ETH0, type Node } from "../model/pods/node.ts";
import { lookUpRoutes } from "../model/pods/routes.ts";
import { computeAllowedServices } from "../model/policies/primary-network.ts";
import { verifyRules } from "../rules.ts";
import { isForeignNetwork } from "./foreign-network.ts";

/** Whatever part of a tunnel's destinations a client does not route to the tunnel, whichever link takes it. */
export function checkTunnelBypass(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const { tunnels } = watch.expected;
  if (tunnels.length === 0) return [];
  const byNamespace = new Map<string, Node[]>();
  for (const node of model.nodes) {
    if (node.type !== "workload") continue;
    const list = byNamespace.get(node.namespace);
    if (list) list.push(node);
    else byNamespace.set(node.namespace, [node]);
  }
  const flows = new Map<string | undefined, ExpectedFlow[]>();
  for (const flow of watch.expected.flows) {
    if (flow.over !== "attached") continue;
    const list = flows.get(flow.to.party);
    if (list) list.push(flow);
    else flows.set(flow.to.party, [flow]);
  }
  return tunnels.flatMap((tunnel) => {
    const clients = new Set(
      (flows.get(tunnel.gateway) ?? []).flatMap(({ from }) => {
        const names = from.workload ? [from.workload.namespace] : from.namespaces;
        const pods = names.flatMap((name) => byNamespace.get(name) ?? []);
        return pods.filter((node) => findExpectedAddresses(from, { type: "node", node }) !== undefined);
      }),
    );
    return [...clients].flatMap((node) => ofClient(model, node, tunnel, watch));
  });
}

function ofClient(model: Model, node: Node, tunnel: ExpectedTunnel, watch: ExpectedIndex): readonly Diagnostic[] {
  const own = new Set(node.interfaces.filter((one) => isForeignNetwork(one, watch)).map((one) => one.name));
  const { onEth0 } = model.platform.podNetwork;
  const whole = tunnel.destinations.some((one) => one.prefix === 0);
  const named = toAddressSet(tunnel.destinations);
  // With a tunnel for everything, what is nearer never goes there: what eth0 keeps, and links that intents gave.
  const meant = whole ? subtractAddresses(named, toAddressSet(onEth0)) : named;
  const found: Diagnostic[] = [];
  const related = [{ place: tunnel.origin, label: "meant to be behind the tunnel" }];
  for (const [name, { clear, near }] of findOtherLinks(model, node, meant, own, whole)) {
    const parameters = { pod: node.id, vpn: tunnel.gateway };
    if (clear.length > 0) {
      const destination = formatAddressSet(clear.slice(0, 1));
      const diagnostic = verifyRules.diagnose(
        "clear-text",
        node.place,
        { ...parameters, destination, by: name },
        { related },
      );
      found.push(diagnostic);
    } else if (near.length > 0) {
      const what = `${formatAddressSet(near.slice(0, 2))} is on its own network \`${name}\`: what is for it goes there in clear text`;
      found.push(verifyRules.diagnose("beside-tunnel", node.place, { ...parameters, what }, { related }));
    }
  }
  for (const link of node.interfaces.filter((one) => one.network?.served)) {
    const what = `its ${own.has(link.name) ? "own " : ""}network \`${link.name}\` takes routes from whoever answers DHCP there (dhcp, option 121)`;
    found.push(
      verifyRules.diagnose("beside-tunnel", node.place, { pod: node.id, vpn: tunnel.gateway, what }, { related }),
    );
  }
  return found;
}

interface Taken {
  readonly clear: AddressSet;
  /** On an own link of the client itself, with a tunnel for everything. */
  readonly near: AddressSet;
}

/** What leaves by other links, by their names. */
function findOtherLinks(
  model: Model,
  node: Node,
  meant: AddressSet,
  own: ReadonlySet<string>,
  whole: boolean,
): ReadonlyMap<string, Taken> {
  const found = new Map<string, Taken>();
  const put = (name: string, clear: AddressSet, near: AddressSet) => {
    const before = found.get(name) ?? { clear: [], near: [] };
    found.set(name, { clear: uniteAddresses(before.clear, clear), near: uniteAddresses(before.near, near) });
  };
  // Which of two equal routes is taken depends on the order of networks and the version of plugins: the worse one counts.
  const isOwn = (name: string | undefined) => name !== undefined && own.has(name);
  const routes = [
    ...node.routes.filter((one) => !isOwn(one.interface)),
    ...node.routes.filter((one) => isOwn(one.interface)),
  ];
  const worst: Node = own.size === 0 ? node : { ...node, routes };
  for (const family of [4, 6] as const)
    for (const { destinations, route } of lookUpRoutes(
      worst,
      uniteAddresses(filterFamily(meant, family), family === 6 ? embedded(meant) : []),
      family,
    )) {
      const name = route?.interface;
      if (!route || name === undefined) continue;
      if (isOwn(name)) {
        const near = whole && route.via === undefined;
        put(name, near ? [] : destinations, near ? destinations : []);
      } else if (name === ETH0) put(ETH0, letOut(model, node, destinations, family), []);
    }
  return found;
}

function letOut(model: Model, node: Node, addresses: AddressSet, family: 4 | 6): AddressSet {
  const allowed = computeAllowedServices(model, node, "egress", { addresses }, family);
  return intersectServices(allowed, everyService).length > 0 ? addresses : [];
}

/** Addresses of IPv6 by which a translator reaches those of IPv4: only those that are no destination by themselves. */
function embedded(meant: AddressSet): AddressSet {
  const found = createAddressSet(embedIpv4Ranges(meant));
  return subtractAddresses(found, intersectAddresses(found, filterFamily(meant, 6)));
}
