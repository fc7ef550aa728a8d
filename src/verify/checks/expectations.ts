import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedCheck, ExpectedEnd } from "../../ir/expects.ts";
import type { Place } from "../../source/place.ts";
import type { Flow, Flows } from "../dataplane/flow.ts";
import { type FlowsByEnd, flowsByEnd } from "../dataplane/flows-by-end.ts";
import { between, namesPod } from "../expected/ends.ts";
import type { Watch } from "../expected/index.ts";
import { formatSet, intersect, meets, setOfCidrs } from "../headerspace/address-set.ts";
import { packets } from "../headerspace/packet-set.ts";
import {
  formatServices,
  intersectServices,
  type ServiceSet,
  setOfServices,
  uniteServices,
  withoutServices,
} from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import { pathOf, witness } from "../report/describe.ts";
import { whyDropped } from "../report/why-dropped.ts";
import { verifyRules } from "../rules.ts";
import { judged, wayOf } from "./compare-attached.ts";

/** A line that holds, in words. */
export interface Held {
  /** `zone corp reaches Deployment payments/card by tcp/8443`. */
  readonly text: string;
  readonly origin: Place;
}

/** The lines that no finding contradicts. */
export function heldOf(expected: readonly ExpectedCheck[], unmet: readonly Diagnostic[]): readonly Held[] {
  const broken = new Set(unmet.map((one) => one.place));
  return expected
    .filter(({ origin }) => !broken.has(origin))
    .map((one) => ({ text: wordsOf(one), origin: one.origin }));
}

function wordsOf({ names: [from, to], services, expect, through }: ExpectedCheck): string {
  const by = formatServices(setOfServices(services)).join(", ");
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
export function assertExpectations(
  model: Model,
  flows: Flows,
  expected: readonly ExpectedCheck[],
  watch: Watch,
): readonly Diagnostic[] {
  const byEnd = flowsByEnd(model, flows);
  return expected.flatMap((one) => {
    const senders = byEnd.workloads(one.from).filter((node) => namesPod(one.from, node));
    const passing = [
      ...overNetworks(byEnd.attached(one.from), one, watch),
      ...overDefault(
        byEnd.onDefault(one.from),
        outsideOf(byEnd, one),
        podsOf(byEnd, one.from),
        podsOf(byEnd, one.to),
        one,
      ),
    ];
    if (one.expect === "denied") return passing.length > 0 ? [denied(one, passing)] : [];
    if (senders.length === 0 && one.from.namespaces.length + (one.from.workload ? 1 : 0) > 0)
      return [verifyRules.diagnose("expectation-without-end", one.origin, { what: one.names[0] })];
    return allowed(model, flows, one, passing, watch);
  });
}

function podsOf(byEnd: FlowsByEnd, end: ExpectedEnd): readonly Node[] {
  if (end.namespaces.length === 0 && !end.workload) return [];
  return byEnd.workloads(end).filter((node) => namesPod(end, node));
}

const members = new WeakMap<readonly Node[], ReadonlySet<Node>>();

function membersOf(nodes: readonly Node[]): ReadonlySet<Node> {
  const known = members.get(nodes) ?? new Set(nodes);
  members.set(nodes, known);
  return known;
}

/** What pods of either end have with the world; an end that names no pods has nothing there. */
function outsideOf(byEnd: FlowsByEnd, { from, to }: ExpectedCheck): Flows["outside"] {
  const of = (end: ExpectedEnd, direction: "egress" | "ingress") =>
    end.namespaces.length > 0 || end.workload ? byEnd.outside(end).filter((flow) => flow.direction === direction) : [];
  return [...of(from, "egress"), ...of(to, "ingress")];
}

function overNetworks(flows: readonly Flow[], one: ExpectedCheck, watch: Watch): readonly Passing[] {
  const wanted = setOfServices(one.services);
  return flows.flatMap((flow) => {
    if (flow.to.type === "node" && flow.to.node.type === "gateway") return [];
    const part = between(flow, one.from, one.to);
    if (!part || part.sources.length === 0) return [];
    const services = intersectServices(judged(flow).services, wanted);
    const box = packets(
      flow.asked.family,
      part.sources,
      intersect(judged(flow).destinations, part.destinations),
      services,
    );
    if (!box) return [];
    return [{ services, path: `${witness(box)}: ${pathOf(flow)}`, through: wayOf(flow, watch) }];
  });
}

/** By eth0: between pods, and to or from the world beyond. */
function overDefault(
  onDefault: Flows["onDefault"],
  outside: Flows["outside"],
  senders: readonly Node[],
  receivers: readonly Node[],
  one: ExpectedCheck,
): readonly Passing[] {
  const wanted = setOfServices(one.services);
  const found: Passing[] = [];
  const names = (end: ExpectedEnd, node: Node) => node.type !== "gateway" && namesPod(end, node);
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
    const meant = intersect(addresses, setOfCidrs(far.cidrs));
    const services = intersectServices(open, wanted);
    if (meant.length === 0 || services.length === 0) continue;
    const world = `outside (${formatSet(meant.slice(0, 2))})`;
    const path = direction === "egress" ? `${node.id} (eth0) -> ${world}` : `${world} -> ${node.id} (eth0)`;
    found.push({ services, path, through: [] });
  }
  return found;
}

function denied(one: ExpectedCheck, passing: readonly Passing[]): Diagnostic {
  const service = formatServices(uniteServices(...passing.map((other) => other.services))).join(", ");
  const notes = passing.slice(0, 3).map(({ path }) => `gets through: ${path}`);
  const [from, to] = one.names;
  return verifyRules.diagnose("expectation", one.origin, { from, to, service, expected: "denied" }, { notes });
}

/** Allowed means: from every pod to every pod that has an address there, on every service of the line. */
function allowed(
  model: Model,
  flows: Flows,
  one: ExpectedCheck,
  passing: readonly Passing[],
  watch: Watch,
): readonly Diagnostic[] {
  const [from, to] = one.names;
  const wanted = setOfServices(one.services);
  const way = one.through;
  const fitting = way ? passing.filter((other) => other.through.join() === way.join()) : passing;
  const open = uniteServices(...fitting.map((other) => other.services));
  const shut = withoutServices(wanted, open);
  if (shut.length > 0) {
    const service = formatServices(shut).join(", ");
    const notes = passing.slice(0, 2).map(({ path }) => `another way: ${path}`);
    notes.push(...stopped(model, one).slice(0, 2));
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
  flows: Flows,
  one: ExpectedCheck,
  wanted: ServiceSet,
  watch: Watch,
): Node | undefined {
  const senders = model.nodes.filter(
    (node) => node.type === "workload" && node.local.length > 0 && namesPod(one.from, node),
  );
  return senders.find((node) => {
    const own = flows.attached.filter(
      (flow) => beginsAt(flow, node) && wayOf(flow, watch).join() === one.through?.join(),
    );
    const boxes = own
      .filter((flow) => meets(judged(flow).destinations, between(flow, one.from, one.to)?.destinations ?? []))
      .map(judged);
    const services = uniteServices(...boxes.map((box) => box.services));
    return withoutServices(wanted, services).length > 0;
  });
}

function beginsAt({ from }: Flow, node: Node): boolean {
  return from.type === "node" && (from.node.id === node.id || from.node.alike.includes(node.id));
}

function stopped(model: Model, one: ExpectedCheck): readonly string[] {
  const sender = model.nodes.find(
    (node) => node.type === "workload" && namesPod(one.from, node) && node.local.length > 0,
  );
  const receiver = model.nodes.find((node) => node !== sender && namesPod(one.to, node) && node.local.length > 0);
  const to = one.to.cidrs.length > 0 ? setOfCidrs(one.to.cidrs) : (receiver?.local ?? []);
  const family = to[0]?.family;
  if (!sender || !family) return [];
  const box = packets(family, sender.local, to, setOfServices(one.services));
  return box ? whyDropped(model, sender, box).map((reason) => `stopped at ${reason.at}: ${reason.text}`) : [];
}
