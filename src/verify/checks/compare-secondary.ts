import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Flow } from "../dataplane/flow.ts";
import { intersectEnds } from "../expected/ends.ts";
import type { ExpectedFlow, ExpectedZone } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import {
  type AddressSet,
  containsAddresses,
  filterFamily,
  hasCommonAddress,
  toAddressSet,
  uniteAddresses,
} from "../headerspace/address-set.ts";
import { createBox, type HeaderBox, type HeaderSpace, subtractSpaces } from "../headerspace/packet-set.ts";
import {
  echoService,
  formatServices,
  mergeToServiceSet,
  subtractServices,
  uniteServices,
} from "../headerspace/service-set.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { describeEnd, describeParty, formatPath, formatWitness } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";

/** The intents of the gateways on a flow's way. */
export function listGatewayIntents(flow: Flow, watch: ExpectedIndex): readonly string[] {
  return flow.through.map((node) => watch.findGatewayIntent(node) ?? node.id);
}

function sameWay(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

/** The box in which a flow is held against what is meant: who asked, and where it arrived after translations. */
export function selectComparedBox(flow: Flow): HeaderBox {
  const { sent, arrived, to, medium } = flow;
  const box = { ...sent, destinations: arrived.destinations, services: arrived.services };
  if (to.type !== "node" || to.node.type !== "workload") return box;
  // A pod answers on any link for any of its addresses: to reach it there is to reach it on that link.
  const link = findNearestInterface(to.node, medium, filterFamily(sent.sources, sent.family));
  const own = link ? filterFamily(link.addresses, sent.family) : [];
  return own.length === 0 || containsAddresses(own, box.destinations) ? box : { ...box, destinations: own };
}

/** The interface of a pod on a link; of several on one link, that of the sender's own subnet. */
function findNearestInterface(node: Node, medium: string, sources: AddressSet): Interface | undefined {
  const links = node.interfaces.filter((one) => one.domain === medium && one.type === "attachment");
  if (links.length < 2) return links[0];
  const isNear = ({ name }: Interface) => {
    const near = node.routes.filter((route) => route.interface === name && !route.via).map((route) => route.to);
    return hasCommonAddress(toAddressSet(near), sources);
  };
  return links.find(isNear) ?? links[0];
}

interface Excess {
  readonly flow: Flow;
  readonly left: HeaderSpace;
  /** The same packets are meant, but by another way. */
  readonly elsewhere: ExpectedFlow | undefined;
}

/** Flows over attached networks that no intent means. */
export function checkUnexpectedSecondary(flows: readonly Flow[], watch: ExpectedIndex): readonly Diagnostic[] {
  const excess: Excess[] = [];
  const found: Diagnostic[] = [];
  for (const flow of flows) {
    if (
      (!watch.isRelevant(flow.from, flow.to) && !watch.findWatchedNetwork(flow)) ||
      [flow.from, flow.to].some((end) => end.type === "node" && watch.isExternallyManaged(end.node))
    )
      continue;
    if (flow.to.type === "node" && flow.to.node.type === "gateway" && !watch.isExternallyManaged(flow.to.node)) {
      const weak = toGateway(flow, watch);
      if (weak) found.push(weak);
      continue;
    }
    if (flow.through.some((node) => watch.isExternallyManaged(node)) || withinZone(flow, watch)) continue;
    const way = listGatewayIntents(flow, watch);
    const meant = watch.findFlowGroups(flow);
    const box = selectComparedBox(flow);
    const boxes = (one: ExpectedFlow) => buildExpectedBox(flow, one);
    const left = subtractSpaces([box], meant.filter((one) => sameWay(one.through, way)).flatMap(boxes));
    if (left.length === 0) continue;
    const meansSome = (one: ExpectedFlow) =>
      subtractSpaces(left, boxes(one)).length < left.length || isCut(left, boxes(one));
    const some = new Set(meant.filter(meansSome).flatMap((one) => one.parts));
    const elsewhere =
      some.size === 0 ? undefined : watch.findExpectedFlows(flow).find((one) => some.has(one) && meansSome(one));
    excess.push({ flow, left, elsewhere });
  }
  return [...found, ...reported(excess, watch)];
}

/** Pods of one zone may have other networks among themselves: that is no border. */
function withinZone(flow: Flow, watch: ExpectedIndex): boolean {
  const zone = watch.findZone(flow.to);
  if (watch.findWatchedNetwork(flow)?.limited) return false;
  return zone !== undefined && flow.through.length === 0 && watch.findZone(flow.from)?.id === zone.id;
}

function isCut(left: HeaderSpace, by: HeaderSpace): boolean {
  return JSON.stringify(subtractSpaces(left, by), replaceBigint) !== JSON.stringify(left, replaceBigint);
}

function replaceBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** What an intent means, as a box of a flow. */
export function buildExpectedBox(flow: Flow, meant: ExpectedFlow): HeaderSpace {
  const part = intersectEnds(flow, meant.from, meant.to);
  const box = part && createBox(flow.sent.family, part.sources, part.destinations, mergeToServiceSet(meant.services));
  return box ? [box] : [];
}

/** A gateway answers a ping on the leg that it comes in by, and nothing else. */
function toGateway(flow: Flow, watch: ExpectedIndex): Diagnostic | undefined {
  if (flow.to.type !== "node") return undefined;
  const gateway = flow.to.node;
  const on = gateway.interfaces.find((one) => one.domain === flow.medium && one.type !== "default");
  const { destinations, services } = selectComparedBox(flow);
  const far = on && !containsAddresses(uniteAddresses(on.addresses, on.virtual), destinations);
  const rest = subtractServices(services, echoService);
  if (!far && rest.length === 0) return undefined;
  const place = gateway.runtime.rulesAt ?? gateway.place;
  const from = describeParty(flow.from, watch.zones);
  const notes = [`packet: ${formatWitness(selectComparedBox(flow))}`, `path: ${formatPath(flow)}`];
  if (far) {
    const address = formatWitness(selectComparedBox(flow)).replace(/^.* to /, "");
    return verifyRules.diagnose("weak-host", place, { gateway: gateway.id, from, address }, { notes });
  }
  const service = formatServices(rest).join(", ");
  return verifyRules.diagnose("unexpected-path", place, { from, to: gateway.id, service }, { notes });
}

/** One finding for two parties and a way, at the line of the zone that is entered. */
function reported(excess: readonly Excess[], watch: ExpectedIndex): readonly Diagnostic[] {
  const groups = new Map<string, Excess[]>();
  for (const one of excess) {
    const { flow } = one;
    const key = [
      describeParty(flow.from, watch.zones),
      describeParty(flow.to, watch.zones),
      ...listGatewayIntents(flow, watch),
    ].join(" | ");
    pushTo(groups, key, one);
  }
  return [...groups.values()].map((group) => excessFound(group, watch));
}

function excessFound(group: readonly Excess[], watch: ExpectedIndex): Diagnostic {
  const { flow, left, elsewhere } = group[0] as Excess;
  const [from, to] = [describeParty(flow.from, watch.zones), describeParty(flow.to, watch.zones)];
  const services = uniteServices(...group.flatMap((one) => one.left.map((box) => box.services)));
  const service = formatServices(services).join(", ");
  const notes = [
    `packet: ${formatWitness(left[0] as HeaderBox)}`,
    `path: ${formatPath(flow)}`,
    ...describeOthers(group),
  ];
  const by = listGatewayIntents(flow, watch).join(", ") || flow.medium;
  if (elsewhere) return verifyRules.diagnose("wrong-way", elsewhere.origin, { from, to, service, by }, { notes });
  const zone: ExpectedZone | undefined = watch.findZone(flow.to) ?? watch.findZone(flow.from);
  return verifyRules.diagnose(
    "unexpected-path",
    zone?.origin ?? watch.findPlace(flow),
    { from, to, service },
    { notes },
  );
}

function describeOthers(group: readonly Excess[]): readonly string[] {
  const names = [...new Set(group.map(({ flow }) => `${describeEnd(flow.from)} to ${describeEnd(flow.to)}`))];
  return names.length > 1 ? [`so do ${names.length - 1} more: ${names.slice(1, 4).join("; ")}`] : [];
}
