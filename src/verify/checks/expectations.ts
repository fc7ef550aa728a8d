import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedCheck, ExpectedEnd } from "../../ir/expects.ts";
import type { Place } from "../../source/place.ts";
import type { Flow, FlowSet } from "../dataplane/flow.ts";
import { type FlowIndex, indexFlowsByEnd } from "../dataplane/flows-by-end.ts";
import { intersectEnds, matchesPod } from "../expected/ends.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatAddressSet, hasCommonAddress, intersectAddresses, toAddressSet } from "../headerspace/address-set.ts";
import { createBox } from "../headerspace/packet-set.ts";
import {
  formatServices,
  intersectServices,
  mergeToServiceSet,
  type ServiceSet,
  subtractServices,
  uniteServices,
} from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import { formatPath, formatWitness } from "../report/describe.ts";
import { explainDrop } from "../report/why-dropped.ts";
import { verifyRules } from "../rules.ts";
import { listGatewayIntents, selectComparedBox } from "./compare-secondary.ts";

/** A line that holds, in words. */
export interface MetExpectation {
  /** `zone corp reaches Deployment payments/card by tcp/8443`. */
  readonly text: string;
  readonly origin: Place;
}

/** The lines that no finding contradicts. */
export function listMetExpectations(
  expected: readonly ExpectedCheck[],
  unmet: readonly Diagnostic[],
): readonly MetExpectation[] {
  const broken = new Set(unmet.map((one) => one.place));
  return expected
    .filter(({ origin }) => !broken.has(origin))
    .map((one) => ({ text: wordsOf(one), origin: one.origin }));
}

function wordsOf({ names: [from, to], services, expect, through }: ExpectedCheck): string {
  const by = formatServices(mergeToServiceSet(services)).join(", ");
  const way =
    through === undefined ? "" : through.length === 0 ? ", through no gateway" : `, through ${through.join(" and ")}`;
  return `${from} ${expect === "allowed" ? "reaches" : "does not reach"} ${to} by ${by}${way}`;
}

/** Something that does get through, between the two ends of a line. */
interface Passing {
  readonly services: ServiceSet;
  readonly path: string;
  readonly through: readonly string[];
}

/** Expectations that the output does not meet, each with the path that contradicts it. */
export function checkExpectations(
  model: Model,
  flows: FlowSet,
  expected: readonly ExpectedCheck[],
  watch: ExpectedIndex,
): readonly Diagnostic[] {
  const byEnd = indexFlowsByEnd(model, flows);
  return expected.flatMap((one) => {
    const senders = byEnd.workloads(one.from).filter((node) => matchesPod(one.from, node));
    const passing = [
      ...overNetworks(byEnd.secondary(one.from), one, watch),
      ...overDefault(
        byEnd.primary(one.from),
        outsideOf(byEnd, one),
        podsOf(byEnd, one.from),
        podsOf(byEnd, one.to),
        one,
      ),
    ];
    if (one.expect === "denied") return passing.length > 0 ? [reportDenied(one, passing)] : [];
    if (senders.length === 0 && one.from.namespaces.length + (one.from.workload ? 1 : 0) > 0)
      return [verifyRules.diagnose("expectation-without-end", one.origin, { what: one.names[0] })];
    return checkAllowed(model, flows, one, passing, watch);
  });
}

function podsOf(byEnd: FlowIndex, end: ExpectedEnd): readonly Node[] {
  if (end.namespaces.length === 0 && !end.workload) return [];
  return byEnd.workloads(end).filter((node) => matchesPod(end, node));
}

const members = new WeakMap<readonly Node[], ReadonlySet<Node>>();

function membersOf(nodes: readonly Node[]): ReadonlySet<Node> {
  const known = members.get(nodes) ?? new Set(nodes);
  members.set(nodes, known);
  return known;
}

/** What pods of either end have with the world; an end that names no pods has nothing there. */
function outsideOf(byEnd: FlowIndex, { from, to }: ExpectedCheck): FlowSet["outside"] {
  const of = (end: ExpectedEnd, direction: "egress" | "ingress") =>
    end.namespaces.length > 0 || end.workload ? byEnd.outside(end).filter((flow) => flow.direction === direction) : [];
  return [...of(from, "egress"), ...of(to, "ingress")];
}

function overNetworks(flows: readonly Flow[], one: ExpectedCheck, watch: ExpectedIndex): readonly Passing[] {
  const wanted = mergeToServiceSet(one.services);
  return flows.flatMap((flow) => {
    if (flow.to.type === "node" && flow.to.node.type === "gateway") return [];
    const part = intersectEnds(flow, one.from, one.to);
    if (!part || part.sources.length === 0) return [];
    const services = intersectServices(selectComparedBox(flow).services, wanted);
    const box = createBox(
      flow.sent.family,
      part.sources,
      intersectAddresses(selectComparedBox(flow).destinations, part.destinations),
      services,
    );
    if (!box) return [];
    return [{ services, path: `${formatWitness(box)}: ${formatPath(flow)}`, through: listGatewayIntents(flow, watch) }];
  });
}

/** By eth0: between pods, and to or from the world beyond. */
function overDefault(
  onDefault: FlowSet["primary"],
  outside: FlowSet["outside"],
  senders: readonly Node[],
  receivers: readonly Node[],
  one: ExpectedCheck,
): readonly Passing[] {
  const wanted = mergeToServiceSet(one.services);
  const found: Passing[] = [];
  const names = (end: ExpectedEnd, node: Node) => node.type !== "gateway" && matchesPod(end, node);
  // A group may hold most of the cluster: its nodes are looked up, and looked through only for ends that are no workloads.
  const others = (end: ExpectedEnd, nodes: readonly Node[], known: readonly Node[]) =>
    known.length > 0 ? undefined : nodes.find((node) => names(end, node));
  for (const flow of onDefault) {
    const services = intersectServices(flow.services, wanted);
    if (services.length === 0) continue;
    const from =
      senders.find((node) => membersOf(flow.from.nodes).has(node)) ?? others(one.from, flow.from.nodes, senders);
    const to =
      from &&
      (receivers.find((node) => membersOf(flow.to.nodes).has(node)) ?? others(one.to, flow.to.nodes, receivers));
    if (from && to) found.push({ services, path: `${from.id} (eth0) -> the default network -> ${to.id}`, through: [] });
  }
  const beyond = [one.from, one.to].some((end) => end.party === undefined && end.cidrs.length > 0);
  for (const { nodes, direction, addresses, services: open } of beyond ? outside : []) {
    const [own, far] = direction === "egress" ? [one.from, one.to] : [one.to, one.from];
    const node = nodes.find((candidate) => names(own, candidate));
    if (!node || far.party !== undefined || far.cidrs.length === 0) continue;
    const meant = intersectAddresses(addresses, toAddressSet(far.cidrs));
    const services = intersectServices(open, wanted);
    if (meant.length === 0 || services.length === 0) continue;
    const world = `outside (${formatAddressSet(meant.slice(0, 2))})`;
    const path = direction === "egress" ? `${node.id} (eth0) -> ${world}` : `${world} -> ${node.id} (eth0)`;
    found.push({ services, path, through: [] });
  }
  return found;
}

function reportDenied(one: ExpectedCheck, passing: readonly Passing[]): Diagnostic {
  const service = formatServices(uniteServices(...passing.map((other) => other.services))).join(", ");
  const notes = passing.slice(0, 3).map(({ path }) => `gets through: ${path}`);
  const [from, to] = one.names;
  return verifyRules.diagnose("expectation", one.origin, { from, to, service, expected: "denied" }, { notes });
}

/** Allowed means: from every pod to every pod that has an address there, on every service of the line. */
function checkAllowed(
  model: Model,
  flows: FlowSet,
  one: ExpectedCheck,
  passing: readonly Passing[],
  watch: ExpectedIndex,
): readonly Diagnostic[] {
  const [from, to] = one.names;
  const wanted = mergeToServiceSet(one.services);
  const way = one.through;
  const fitting = way ? passing.filter((other) => other.through.join() === way.join()) : passing;
  const open = uniteServices(...fitting.map((other) => other.services));
  const shut = subtractServices(wanted, open);
  if (shut.length > 0) {
    const service = formatServices(shut).join(", ");
    const notes = passing.slice(0, 2).map(({ path }) => `another way: ${path}`);
    notes.push(...explainStop(model, one).slice(0, 2));
    return [verifyRules.diagnose("expectation", one.origin, { from, to, service, expected: "allowed" }, { notes })];
  }
  const lonely = way === undefined ? undefined : firstShutOut(model, flows, one, wanted, watch);
  if (!lonely) return [];
  const notes = [`not from ${lonely.id}`];
  const service = formatServices(wanted).join(", ");
  return [verifyRules.diagnose("expectation", one.origin, { from, to, service, expected: "allowed" }, { notes })];
}

/** A pod with addresses that none of the flows begins at. */
function firstShutOut(
  model: Model,
  flows: FlowSet,
  one: ExpectedCheck,
  wanted: ServiceSet,
  watch: ExpectedIndex,
): Node | undefined {
  const senders = model.nodes.filter(
    (node) => node.type === "workload" && node.local.length > 0 && matchesPod(one.from, node),
  );
  return senders.find((node) => {
    const own = flows.secondary.filter(
      (flow) => beginsAt(flow, node) && listGatewayIntents(flow, watch).join() === one.through?.join(),
    );
    const boxes = own
      .filter((flow) =>
        hasCommonAddress(
          selectComparedBox(flow).destinations,
          intersectEnds(flow, one.from, one.to)?.destinations ?? [],
        ),
      )
      .map(selectComparedBox);
    const services = uniteServices(...boxes.map((box) => box.services));
    return subtractServices(wanted, services).length > 0;
  });
}

function beginsAt({ from }: Flow, node: Node): boolean {
  return from.type === "node" && (from.node.id === node.id || from.node.alike.includes(node.id));
}

function explainStop(model: Model, one: ExpectedCheck): readonly string[] {
  const sender = model.nodes.find(
    (node) => node.type === "workload" && matchesPod(one.from, node) && node.local.length > 0,
  );
  const receiver = model.nodes.find((node) => node !== sender && matchesPod(one.to, node) && node.local.length > 0);
  const to = one.to.cidrs.length > 0 ? toAddressSet(one.to.cidrs) : (receiver?.local ?? []);
  const family = to[0]?.family;
  if (!sender || !family) return [];
  const box = createBox(family, sender.local, to, mergeToServiceSet(one.services));
  return box ? explainDrop(model, sender, box).map((reason) => `stopped at ${reason.at}: ${reason.text}`) : [];
}
