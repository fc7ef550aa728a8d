import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Flow } from "../dataplane/flow.ts";
import { between } from "../expected/ends.ts";
import type { MeantFlow, MeantZone } from "../expected/expected.ts";
import type { Watch } from "../expected/index.ts";
import { type AddressSet, holdsAll, meets, ofFamily, setOfCidrs, unite } from "../headerspace/address-set.ts";
import { type PacketSet, type Packets, packets, withoutAll } from "../headerspace/packet-set.ts";
import { echo, formatServices, setOfServices, uniteServices, withoutServices } from "../headerspace/service-set.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { endName, partyOf, pathOf, witness } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";

/** The intents of the gateways on a flow's way. */
export function wayOf(flow: Flow, watch: Watch): readonly string[] {
  return flow.through.map((node) => watch.gatewayIntent(node) ?? node.id);
}

function sameWay(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

/** The box in which a flow is held against what is meant: who asked, and where it arrived after translations. */
export function judged(flow: Flow): Packets {
  const { asked, arrived, to, medium } = flow;
  const box = { ...asked, destinations: arrived.destinations, services: arrived.services };
  if (to.type !== "node" || to.node.type !== "workload") return box;
  // A pod answers on any link for any of its addresses: to reach it there is to reach it on that link.
  const link = nearest(to.node, medium, ofFamily(asked.sources, asked.family));
  const own = link ? ofFamily(link.addresses, asked.family) : [];
  return own.length === 0 || holdsAll(own, box.destinations) ? box : { ...box, destinations: own };
}

/** The interface of a pod on a link; of several on one link, that of the sender's own subnet. */
function nearest(node: Node, medium: string, sources: AddressSet): Interface | undefined {
  const links = node.interfaces.filter((one) => one.domain === medium && one.type === "attachment");
  if (links.length < 2) return links[0];
  const isNear = ({ name }: Interface) => {
    const near = node.routes.filter((route) => route.interface === name && !route.via).map((route) => route.to);
    return meets(setOfCidrs(near), sources);
  };
  return links.find(isNear) ?? links[0];
}

interface Excess {
  readonly flow: Flow;
  readonly left: PacketSet;
  /** The same packets are meant, but by another way. */
  readonly elsewhere: MeantFlow | undefined;
}

/** Flows over attached networks that no intent means. */
export function unexpectedAttached(flows: readonly Flow[], watch: Watch): readonly Diagnostic[] {
  const excess: Excess[] = [];
  const found: Diagnostic[] = [];
  for (const flow of flows) {
    if (
      (!watch.concerns(flow.from, flow.to) && !watch.networkOf(flow)) ||
      [flow.from, flow.to].some((end) => end.type === "node" && watch.adopted(end.node))
    )
      continue;
    if (flow.to.type === "node" && flow.to.node.type === "gateway" && !watch.adopted(flow.to.node)) {
      const weak = toGateway(flow, watch);
      if (weak) found.push(weak);
      continue;
    }
    if (flow.through.some((node) => watch.adopted(node)) || withinZone(flow, watch)) continue;
    const way = wayOf(flow, watch);
    const meant = watch.meantTogether(flow);
    const box = judged(flow);
    const boxes = (one: MeantFlow) => boxOf(flow, one);
    const left = withoutAll([box], meant.filter((one) => sameWay(one.through, way)).flatMap(boxes));
    if (left.length === 0) continue;
    const meansSome = (one: MeantFlow) => withoutAll(left, boxes(one)).length < left.length || isCut(left, boxes(one));
    const some = new Set(meant.filter(meansSome).flatMap((one) => one.parts));
    const elsewhere = some.size === 0 ? undefined : watch.meantFor(flow).find((one) => some.has(one) && meansSome(one));
    excess.push({ flow, left, elsewhere });
  }
  return [...found, ...reported(excess, watch)];
}

/** Pods of one zone may have other networks among themselves: that is no border. */
function withinZone(flow: Flow, watch: Watch): boolean {
  const zone = watch.zoneOf(flow.to);
  if (watch.networkOf(flow)?.limited) return false;
  return zone !== undefined && flow.through.length === 0 && watch.zoneOf(flow.from)?.id === zone.id;
}

function isCut(left: PacketSet, by: PacketSet): boolean {
  return JSON.stringify(withoutAll(left, by), plain) !== JSON.stringify(left, plain);
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** What an intent means, as a box of a flow. */
export function boxOf(flow: Flow, meant: MeantFlow): PacketSet {
  const part = between(flow, meant.from, meant.to);
  const box = part && packets(flow.asked.family, part.sources, part.destinations, setOfServices(meant.services));
  return box ? [box] : [];
}

/** A gateway answers a ping on the leg that it comes in by, and nothing else. */
function toGateway(flow: Flow, watch: Watch): Diagnostic | undefined {
  if (flow.to.type !== "node") return undefined;
  const gateway = flow.to.node;
  const on = gateway.interfaces.find((one) => one.domain === flow.medium && one.type !== "default");
  const { destinations, services } = judged(flow);
  const far = on && !holdsAll(unite(on.addresses, on.virtual), destinations);
  const rest = withoutServices(services, echo);
  if (!far && rest.length === 0) return undefined;
  const place = gateway.runtime.rulesAt ?? gateway.place;
  const from = partyOf(flow.from, watch.zones);
  const notes = [`packet: ${witness(judged(flow))}`, `path: ${pathOf(flow)}`];
  if (far) {
    const address = witness(judged(flow)).replace(/^.* to /, "");
    return verifyRules.diagnose("weak-host", place, { gateway: gateway.id, from, address }, { notes });
  }
  const service = formatServices(rest).join(", ");
  return verifyRules.diagnose("unexpected-path", place, { from, to: gateway.id, service }, { notes });
}

/** One finding for two parties and a way, at the line of the zone that is entered. */
function reported(excess: readonly Excess[], watch: Watch): readonly Diagnostic[] {
  const groups = new Map<string, Excess[]>();
  for (const one of excess) {
    const { flow } = one;
    const key = [partyOf(flow.from, watch.zones), partyOf(flow.to, watch.zones), ...wayOf(flow, watch)].join(" | ");
    pushTo(groups, key, one);
  }
  return [...groups.values()].map((group) => excessFound(group, watch));
}

function excessFound(group: readonly Excess[], watch: Watch): Diagnostic {
  const { flow, left, elsewhere } = group[0] as Excess;
  const [from, to] = [partyOf(flow.from, watch.zones), partyOf(flow.to, watch.zones)];
  const services = uniteServices(...group.flatMap((one) => one.left.map((box) => box.services)));
  const service = formatServices(services).join(", ");
  const notes = [`packet: ${witness(left[0] as Packets)}`, `path: ${pathOf(flow)}`, ...others(group)];
  const by = wayOf(flow, watch).join(", ") || flow.medium;
  if (elsewhere) return verifyRules.diagnose("wrong-way", elsewhere.origin, { from, to, service, by }, { notes });
  const zone: MeantZone | undefined = watch.zoneOf(flow.to) ?? watch.zoneOf(flow.from);
  return verifyRules.diagnose("unexpected-path", zone?.origin ?? watch.placeOf(flow), { from, to, service }, { notes });
}

function others(group: readonly Excess[]): readonly string[] {
  const names = [...new Set(group.map(({ flow }) => `${endName(flow.from)} to ${endName(flow.to)}`))];
  return names.length > 1 ? [`so do ${names.length - 1} more: ${names.slice(1, 4).join("; ")}`] : [];
}
