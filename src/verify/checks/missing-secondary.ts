import { groupBy } from "../../collections/group-by.ts";
import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedEnd } from "../../ir/expects.ts";
import type { Flow, FlowEnd, FlowSet } from "../dataplane/flow.ts";
import { buildSecondaryModel } from "../dataplane/secondary-model.ts";
import { findExpectedAddresses } from "../expected/ends.ts";
import type { ExpectedFlow } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import {
  createAddressSet,
  filterFamily,
  intersectAddresses,
  subtractAddresses,
  toAddressSet,
  uniteAddresses,
} from "../headerspace/address-set.ts";
import { createBox, type HeaderBox, subtractSpaces } from "../headerspace/packet-set.ts";
import { createRangeIndex } from "../headerspace/range-index.ts";
import { formatServices, mergeToServiceSet, type ServiceSet } from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import type { Interface, Node, Route } from "../model/pods/node.ts";
import { hasSeveralPods } from "../model/pods/pod-count.ts";
import { describeEnd, formatWitness } from "../report/describe.ts";
import { type DropStep, explainDrop } from "../report/why-dropped.ts";
import { verifyRules } from "../rules.ts";
import { listGatewayIntents, selectComparedBox } from "./compare-secondary.ts";

/** An end of a meant flow as it stands in the model. */
interface Place {
  readonly end: FlowEnd;
  readonly addresses: Interface["addresses"];
}

/** What is meant over attached networks and does not get through, one finding for each line of an intent. */
export function checkMissingSecondary(whole: Model, flows: FlowSet, watch: ExpectedIndex): readonly Diagnostic[] {
  const model = buildSecondaryModel(whole, watch.podClass);
  const passing = passingOf(flows, watch);
  const places = placesOf(model);
  const members = groupBy(model.nodes, (node) => watch.findGatewayIntent(node));
  const missingOf = (meant: ExpectedFlow) =>
    firstMissing(model, meant, places, alternativesOf(meant, members), passing, flows);
  const found = new Map<ExpectedFlow, Diagnostic>();
  for (const together of watch.flowGroups) {
    if (!missingOf(together)) continue;
    for (const meant of together.parts) {
      const diagnostic = missingOf(meant);
      if (diagnostic) found.set(meant, diagnostic);
    }
  }
  return watch.expected.flows.flatMap((meant) => found.get(meant) ?? []);
}

/** Flows by who asks, who answers, and the gateways between. */
type Passing = (from: FlowEnd, to: FlowEnd, through: readonly string[]) => readonly Flow[];

function passingOf(flows: FlowSet, watch: ExpectedIndex): Passing {
  const bySender = new Map(
    [...groupBy(flows.secondary, (flow) => describeEnd(flow.from))].map(
      ([sender, own]) => [sender, groupBy(own, (flow) => keyOf(flow.to, listGatewayIntents(flow, watch)))] as const,
    ),
  );
  return (from, to, through) => bySender.get(describeEnd(from))?.get(keyOf(to, through)) ?? [];
}

function keyOf(to: FlowEnd, way: readonly string[]): string {
  return JSON.stringify([to.type, describeEnd(to), way]);
}

/** Pods, devices and tunnels, by what may name them. */
interface Places {
  named(end: ExpectedFlow["from"]): readonly Place[];
}

function placesOf(model: Model): Places {
  const byNamespace = new Map<string, Node[]>();
  const others: FlowEnd[] = [];
  for (const node of model.nodes) {
    if (node.type === "external") others.push({ type: "node", node });
    else if (node.type === "workload") pushTo(byNamespace, node.namespace, node);
    else if (node.type === "gateway")
      for (const name of node.runtime.tunnels.keys()) others.push({ type: "tunnel", gateway: node, interface: name });
  }
  const workloads = [...byNamespace.values()].flat();
  const byParty = groupBy(others, (one) =>
    one.type === "tunnel" ? one.gateway.intent : one.type === "node" ? one.node.id : undefined,
  );
  // What is nearer than a tunnel's far side never goes there, even if the tunnel is for everything.
  const { onEth0 } = model.platform.podNetwork;
  const links = model.nodes.flatMap((node) =>
    node.routes.filter((route) => onLink(node, route)).map((route) => route.to),
  );
  const gateways = model.nodes.filter((node) => node.type === "gateway").flatMap((node) => node.local);
  const own = createAddressSet(gateways);
  const nearer = uniteAddresses(toAddressSet([...onEth0, ...links]), own);
  const heldBy = (end: FlowEnd) =>
    end.type === "tunnel" ? subtractAddresses(createAddressSet(heldAt(end)), isWhole(end) ? nearer : own) : heldAt(end);
  const all = [...workloads.map((node): FlowEnd => ({ type: "node", node })), ...others];
  const held = new Map(all.map((one) => [one, heldBy(one)] as const));
  const index = createRangeIndex([...held.values()]);
  const byNode = new Map(all.flatMap((one) => (one.type === "node" ? [[one.node, one] as const] : [])));
  const known = new Map<string, readonly Place[]>();
  const find = (end: ExpectedEnd): readonly Place[] => {
    const names = end.workload ? [end.workload.namespace] : end.namespaces;
    // Whoever is named by addresses alone is looked up by them.
    const anywhere = names.length === 0 && end.party === undefined;
    const pods = names.flatMap((name) => byNamespace.get(name) ?? []).flatMap((node) => byNode.get(node) ?? []);
    const far = end.party === undefined ? others : (byParty.get(end.party) ?? []);
    const ends = anywhere
      ? index.findOverlapping(toAddressSet(end.cidrs)).map((at) => all[at] as FlowEnd)
      : [...pods, ...far];
    return ends.flatMap((one): Place[] => {
      const meant = findExpectedAddresses(end, one);
      const addresses = meant ? intersectAddresses(held.get(one) ?? [], meant) : [];
      return addresses.length > 0 ? [{ end: one, addresses }] : [];
    });
  };
  return {
    named(end) {
      const key = JSON.stringify(end, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
      const found = known.get(key) ?? find(end);
      known.set(key, found);
      return found;
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
  const near = node.routes.filter((route) => onLink(node, route) && !isOfIntent(node, route)).map((route) => route.to);
  return near.length === 0 ? to : { end: to.end, addresses: subtractAddresses(to.addresses, toAddressSet(near)) };
}

function isOfIntent(node: Node, route: Route): boolean {
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
  meant: ExpectedFlow,
  places: Places,
  alternatives: readonly (Node | undefined)[],
  passing: Passing,
  flows: FlowSet,
): Diagnostic | undefined {
  const services = mergeToServiceSet(meant.services);
  const receivers = places.named(meant.to);
  for (const from of places.named(meant.from))
    for (const to of receivers) {
      if (sameEnd(from.end, to.end) && !(from.end.type === "node" && hasSeveralPods(from.end.node))) continue;
      const own = passing(from.end, to.end, meant.through);
      for (const through of alternatives) {
        const left = missingBoxes(
          from,
          behind(from, to),
          services,
          through ? own.filter((flow) => flow.through.includes(through)) : own,
        );
        if (left) return reportMissing(model, meant, from.end, to.end, left, flows);
      }
    }
  return undefined;
}

/** Members of a gateway that do not behave alike must each let it through: any of them may be the active one. */
function alternativesOf(
  meant: ExpectedFlow,
  members: ReadonlyMap<string | undefined, readonly Node[]>,
): readonly (Node | undefined)[] {
  const last = meant.through.at(-1);
  return (last === undefined ? undefined : members.get(last)) ?? [undefined];
}

function sameEnd(a: FlowEnd, b: FlowEnd): boolean {
  return a.type === b.type && describeEnd(a) === describeEnd(b);
}

function missingBoxes(from: Place, to: Place, services: ServiceSet, passing: readonly Flow[]): HeaderBox | undefined {
  for (const family of [4, 6] as const) {
    const wanted = createBox(
      family,
      filterFamily(from.addresses, family),
      filterFamily(to.addresses, family),
      services,
    );
    if (!wanted) continue;
    const left = subtractSpaces([wanted], passing.map(selectComparedBox));
    if (left.length > 0) return left[0];
  }
  return undefined;
}

function reportMissing(
  model: Model,
  meant: ExpectedFlow,
  from: FlowEnd,
  to: FlowEnd,
  left: HeaderBox,
  flows: FlowSet,
): Diagnostic {
  const service = formatServices(left.services).join(", ");
  const notes = [`packet: ${formatWitness(left)}`];
  const one = flows.asymmetric.find((other) => sameEnd(other.from, from) && sameEnd(other.to, to));
  const reasons: readonly DropStep[] =
    from.type === "node" && from.node.type === "workload" ? explainDrop(model, from.node, left) : [];
  for (const reason of reasons.slice(0, 3)) notes.push(`stopped at ${reason.at}: ${reason.text}`);
  if (reasons.length === 0 && one) for (const { text } of one.problems.slice(0, 2)) notes.push(`no answer: ${text}`);
  const places = [...reasons, ...(one?.problems ?? [])]
    .map((reason) => reason.place)
    .filter((place) => place !== undefined);
  const related = places.slice(0, 1).map((place) => ({ place, label: "stopped here" }));
  const parameters = { from: describeEnd(from), to: describeEnd(to), service };
  return verifyRules.diagnose("missing-path", meant.origin, parameters, { notes, related });
}
