import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Flow, FlowEnd, Flows } from "../dataplane/flow.ts";
import { addressesMeant } from "../expected/ends.ts";
import type { MeantFlow } from "../expected/expected.ts";
import type { Watch } from "../expected/index.ts";
import { intersect, ofFamily, setOf, setOfCidrs, unite, without } from "../headerspace/address-set.ts";
import { type Packets, packets, withoutAll } from "../headerspace/packet-set.ts";
import { formatServices, type ServiceSet, setOfServices } from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import type { Interface, Node, Route } from "../model/pods/node.ts";
import { isMany } from "../model/pods/pod-count.ts";
import { endName, witness } from "../report/describe.ts";
import { type Stop, whyDropped } from "../report/why-dropped.ts";
import { verifyRules } from "../rules.ts";
import { judged, wayOf } from "./compare-attached.ts";

/** An end of a meant flow as it stands in the model. */
interface Place {
  readonly end: FlowEnd;
  readonly addresses: Interface["addresses"];
}

/** What is meant over attached networks and does not get through, one finding for each line of an intent. */
export function missingAttached(model: Model, flows: Flows, watch: Watch): readonly Diagnostic[] {
  const bySender = new Map<string, Flow[]>();
  for (const flow of flows.attached) {
    const key = endName(flow.from);
    const list = bySender.get(key);
    if (list) list.push(flow);
    else bySender.set(key, [flow]);
  }
  const places = placesOf(model);
  const members = new Map<string | undefined, Node[]>();
  for (const node of model.nodes) {
    const intent = watch.gatewayIntent(node);
    const list = members.get(intent);
    if (list) list.push(node);
    else members.set(intent, [node]);
  }
  const found: Diagnostic[] = [];
  for (const meant of watch.meaning.flows) {
    if (meant.over !== "attached") continue;
    const diagnostic = firstMissing(model, meant, places, alternativesOf(meant, members), bySender, watch, flows);
    if (diagnostic) found.push(diagnostic);
  }
  return found;
}

/** Pods, devices and tunnels, by what may name them. */
interface Places {
  named(end: MeantFlow["from"]): readonly Place[];
}

function placesOf(model: Model): Places {
  const byNamespace = new Map<string, Node[]>();
  const others: FlowEnd[] = [];
  for (const node of model.nodes) {
    if (node.type === "external") others.push({ type: "node", node });
    else if (node.type === "workload")
      byNamespace.set(node.namespace, [...(byNamespace.get(node.namespace) ?? []), node]);
    else if (node.type === "gateway")
      for (const name of node.runtime.tunnels.keys()) others.push({ type: "tunnel", gateway: node, interface: name });
  }
  const workloads = [...byNamespace.values()].flat();
  const byParty = new Map<string | undefined, FlowEnd[]>();
  for (const one of others) {
    const party = one.type === "tunnel" ? one.gateway.intent : one.type === "node" ? one.node.id : undefined;
    byParty.set(party, [...(byParty.get(party) ?? []), one]);
  }
  // What is nearer than a tunnel's far side never goes there, even if the tunnel is for everything.
  const { cidrs, serviceCidrs } = model.platform.podNetwork;
  const links = model.nodes.flatMap((node) =>
    node.routes.filter((route) => onLink(node, route)).map((route) => route.to),
  );
  const gateways = model.nodes.filter((node) => node.type === "gateway").flatMap((node) => node.local);
  const own = setOf(gateways);
  const nearer = unite(setOfCidrs([...cidrs, ...serviceCidrs, ...links]), own);
  return {
    named(end) {
      const names = end.workload ? [end.workload.namespace] : end.namespaces;
      const pods = names.length > 0 ? names.flatMap((name) => byNamespace.get(name) ?? []) : end.party ? [] : workloads;
      const far = end.party === undefined ? others : (byParty.get(end.party) ?? []);
      const ends = [...pods.map((node): FlowEnd => ({ type: "node", node })), ...far];
      return ends.flatMap((one): Place[] => {
        const meant = addressesMeant(end, one);
        const held = one.type === "tunnel" ? without(heldAt(one), isWhole(one) ? nearer : own) : heldAt(one);
        const addresses = meant ? intersect(held, meant) : [];
        return addresses.length > 0 ? [{ end: one, addresses }] : [];
      });
    },
  };
}

/** A tunnel for everything. */
function isWhole(end: FlowEnd): boolean {
  if (end.type !== "tunnel") return false;
  return (end.gateway.runtime.tunnels.get(end.interface)?.allowed ?? []).some((one) => one.prefix === 0);
}

/** What is on an own link of a sender never goes to a tunnel: that is told as clear text, at the sender. */
function behind(from: Place, to: Place): Place {
  if (from.end.type !== "node" || to.end.type !== "tunnel") return to;
  const { node } = from.end;
  const near = node.routes.filter((route) => onLink(node, route) && !ofIntent(node, route)).map((route) => route.to);
  return near.length === 0 ? to : { end: to.end, addresses: without(to.addresses, setOfCidrs(near)) };
}

function ofIntent(node: Node, route: Route): boolean {
  return node.interfaces.find((one) => one.name === route.interface)?.network?.manifest.intent !== undefined;
}

function onLink(node: Node, route: Route): boolean {
  const link = node.interfaces.find((one) => one.name === route.interface);
  return route.via === undefined && link?.type === "attachment";
}

function heldAt(end: FlowEnd): Interface["addresses"] {
  if (end.type === "outside") return [];
  if (end.type === "node") return end.node.local;
  const allowed = end.gateway.runtime.tunnels.get(end.interface)?.allowed ?? [];
  return allowed.map((to) => {
    const bits = BigInt((to.family === 4 ? 32 : 128) - to.prefix);
    return { family: to.family, start: to.base, end: to.base + (1n << bits) - 1n };
  });
}

function firstMissing(
  model: Model,
  meant: MeantFlow,
  places: Places,
  alternatives: readonly (Node | undefined)[],
  bySender: ReadonlyMap<string, readonly Flow[]>,
  watch: Watch,
  flows: Flows,
): Diagnostic | undefined {
  const services = setOfServices(meant.services);
  const receivers = places.named(meant.to);
  for (const from of places.named(meant.from)) {
    const own = (bySender.get(endName(from.end)) ?? []).filter((flow) => fits(flow, meant, watch));
    for (const to of receivers) {
      if (sameEnd(from.end, to.end) && !(from.end.type === "node" && isMany(from.end.node))) continue;
      for (const through of alternatives) {
        const passing = own.filter((flow) => sameEnd(flow.to, to.end) && (!through || flow.through.includes(through)));
        const left = missingBoxes(from, behind(from, to), services, passing);
        if (left) return missing(model, meant, from.end, to.end, left, flows);
      }
    }
  }
  return undefined;
}

/** Members of a gateway that do not behave alike must each let it through: any of them may be the active one. */
function alternativesOf(
  meant: MeantFlow,
  members: ReadonlyMap<string | undefined, readonly Node[]>,
): readonly (Node | undefined)[] {
  const last = meant.through.at(-1);
  return (last === undefined ? undefined : members.get(last)) ?? [undefined];
}

function fits(flow: Flow, meant: MeantFlow, watch: Watch): boolean {
  const way = wayOf(flow, watch);
  return way.length === meant.through.length && way.every((one, index) => one === meant.through[index]);
}

function sameEnd(a: FlowEnd, b: FlowEnd): boolean {
  return a.type === b.type && endName(a) === endName(b);
}

function missingBoxes(from: Place, to: Place, services: ServiceSet, passing: readonly Flow[]): Packets | undefined {
  for (const family of [4, 6] as const) {
    const wanted = packets(family, ofFamily(from.addresses, family), ofFamily(to.addresses, family), services);
    if (!wanted) continue;
    const left = withoutAll([wanted], passing.map(judged));
    if (left.length > 0) return left[0];
  }
  return undefined;
}

function missing(model: Model, meant: MeantFlow, from: FlowEnd, to: FlowEnd, left: Packets, flows: Flows): Diagnostic {
  const service = formatServices(left.services).join(", ");
  const notes = [`packet: ${witness(left)}`];
  const one = flows.oneWay.find((other) => sameEnd(other.from, from) && sameEnd(other.to, to));
  const reasons: readonly Stop[] =
    from.type === "node" && from.node.type === "workload" ? whyDropped(model, from.node, left) : [];
  for (const reason of reasons.slice(0, 3)) notes.push(`stopped at ${reason.at}: ${reason.text}`);
  if (reasons.length === 0 && one) for (const { text } of one.problems.slice(0, 2)) notes.push(`no answer: ${text}`);
  const places = [...reasons, ...(one?.problems ?? [])]
    .map((reason) => reason.place)
    .filter((place) => place !== undefined);
  const related = places.slice(0, 1).map((place) => ({ place, label: "stopped here" }));
  const parameters = { from: endName(from), to: endName(to), service };
  return verifyRules.diagnose("missing-path", meant.origin, parameters, { notes, related });
}
