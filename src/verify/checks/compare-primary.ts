import { groupBy } from "../../collections/group-by.ts";
import { pushTo } from "../../collections/push-to.ts";
import { removeDuplicates } from "../../collections/remove-duplicates.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedEnd } from "../../ir/expects.ts";
import { toHostCidr } from "../../net/cidr.ts";
import type { OutsideFlow, PodGroup, PrimaryFlow } from "../dataplane/flow.ts";
import { type GroupedPods, groupForPrimary } from "../dataplane/primary-groups.ts";
import { formatPodsKey } from "../expected/end-key.ts";
import { matchesPod } from "../expected/ends.ts";
import type { ExpectedFlow } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import {
  type AddressSet,
  findFirstAddress,
  formatAddressSet,
  intersectAddresses,
  subtractAddresses,
  toAddressSet,
} from "../headerspace/address-set.ts";
import {
  formatServices,
  mergeToServiceSet,
  type ServiceSet,
  subtractServices,
  uniteServices,
} from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import { describeEnd, describeNode } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";

/** Meant flows over eth0, by the namespaces of both ends. */
interface ExpectedPrimaryIndex {
  /** Equal for pods that the same ends name. */
  told(node: Node): string;
  flows(from: Node, to: Node): readonly ExpectedFlow[];
  services(from: Node, to: Node): ServiceSet;
  outside(node: Node, direction: OutsideFlow["direction"]): readonly ExpectedFlow[];
}

export function indexExpectedPrimary(watch: ExpectedIndex): ExpectedPrimaryIndex {
  const flows = watch.expected.flows.filter((one) => one.over === "eth0");
  const byEnd = (end: "from" | "to") => {
    const keyed = new Map<string, ExpectedFlow[]>();
    for (const flow of flows) for (const name of namesOf(flow[end])) pushTo(keyed, name, flow);
    return keyed;
  };
  const [bySender, byReceiver] = [byEnd("from"), byEnd("to")];
  // The shorter list is enough: a namespace that every zone names has as many flows as there are zones.
  const flowsOf = (from: Node, to: Node) => {
    const [sent, received] = [bySender.get(from.namespace) ?? [], byReceiver.get(to.namespace) ?? []];
    const shorter = sent.length <= received.length ? sent : received;
    return shorter.filter((one) => matchesPod(one.from, from) && matchesPod(one.to, to));
  };
  const told = tellApart(flows);
  return {
    told,
    flows: flowsOf,
    services: (from, to) => uniteServices(...flowsOf(from, to).map((one) => mergeToServiceSet(one.services))),
    outside(node, direction) {
      const [own, far] = direction === "egress" ? (["from", "to"] as const) : (["to", "from"] as const);
      const list = (direction === "egress" ? bySender : byReceiver).get(node.namespace) ?? [];
      return list.filter((one) => matchesPod(one[own], node) && one[far].cidrs.length > 0);
    },
  };
}

/** Ends that name all pods of two namespaces tell none of them apart. */
function tellApart(flows: readonly ExpectedFlow[]): (node: Node) => string {
  const ends = new Map(flows.flatMap((one) => [one.from, one.to]).map((end) => [formatPodsKey(end), end] as const));
  const byNamespace = new Map<string, (readonly [id: number, end: ExpectedEnd])[]>();
  for (const [id, end] of [...ends.values()].entries())
    for (const name of namesOf(end)) pushTo(byNamespace, name, [id, end] as const);
  return (node) => {
    const named = (byNamespace.get(node.namespace) ?? []).filter(([, end]) => matchesPod(end, node));
    return named.map(([id]) => id).join(",");
  };
}

function namesOf(end: ExpectedEnd): readonly string[] {
  return end.workload ? [end.workload.namespace] : end.namespaces;
}

interface Excess {
  readonly from: Node;
  readonly to: Node;
  readonly services: ServiceSet;
}

/** Pods that every intent treats alike, with their places in their group. */
type Alike = readonly (readonly [place: number, node: Node])[];

/** An unwanted connection of all pods of one class with all of another. */
interface ExcessOfClasses {
  /** Which of the flows it is of. */
  readonly flow: number;
  readonly from: Alike;
  readonly to: Alike;
  readonly services: ServiceSet;
}

/** Connections by eth0 that cross a zone's border and that nobody means. */
export function checkUnexpectedPrimary(flows: readonly PrimaryFlow[], watch: ExpectedIndex): readonly Diagnostic[] {
  const meant = indexExpectedPrimary(watch);
  const groups = new Map<string, ExcessOfClasses[]>();
  const classes = classesOf(meant, watch);
  for (const [index, flow] of flows.entries()) {
    const [senders, receivers] = [classes(flow.from), classes(flow.to)];
    if (!senders.guarded && !receivers.guarded) continue;
    for (const from of senders.all)
      for (const to of receivers.all) {
        const [sender, receiver] = [sampleOf(from), sampleOf(to)];
        if (!isEitherGuarded(sender, receiver, watch)) continue;
        const services = subtractServices(flow.services, meant.services(sender, receiver));
        if (services.length === 0) continue;
        const key = `${describeNode(sender, watch.zones)} | ${describeNode(receiver, watch.zones)}`;
        pushTo(groups, key, { flow: index, from, to, services });
      }
  }
  return [...groups.values()].map((list) => backDoor(list, watch));
}

interface Classes {
  readonly guarded: boolean;
  readonly all: readonly Alike[];
}

/** The pods of a group in classes of those that are of one party and that the same flows name. */
function classesOf(meant: ExpectedPrimaryIndex, watch: ExpectedIndex): (group: Pick<PodGroup, "nodes">) => Classes {
  const known = new Map<readonly Node[], Classes>();
  return (group) => {
    const before = known.get(group.nodes);
    if (before) return before;
    const all = groupBy(group.nodes.entries(), ([, node]) =>
      [describeNode(node, watch.zones), isGuarded(node, watch), meant.told(node)].join(" | "),
    );
    const made = { all: [...all.values()], guarded: group.nodes.some((node) => isGuarded(node, watch)) };
    known.set(group.nodes, made);
    return made;
  };
}

function sampleOf(alike: Alike): Node {
  return (alike[0] as Alike[number])[1];
}

/** The first so many pairs of pods, in the order of flows, senders and receivers. */
function firstPairs(list: readonly ExcessOfClasses[], count: number): readonly (readonly [from: Node, to: Node])[] {
  const pairs = list.flatMap(({ flow, from, to }) =>
    from
      .slice(0, count)
      .flatMap(([sender, one]) => to.slice(0, count).map(([receiver, two]) => ({ flow, sender, receiver, one, two }))),
  );
  pairs.sort((a, b) => a.flow - b.flow || a.sender - b.sender || a.receiver - b.receiver);
  return pairs.slice(0, count).map(({ one, two }) => [one, two]);
}

/** Pods whose eth0 must be closed: those of a zone that enforces, and gateways. */
function isGuarded(node: Node, watch: ExpectedIndex): boolean {
  const zone = watch.zones.get(node.namespace);
  return zone ? !zone.audit : node.type === "gateway" && !watch.isExternallyManaged(node);
}

function isEitherGuarded(from: Node, to: Node, watch: ExpectedIndex): boolean {
  return isGuarded(from, watch) || isGuarded(to, watch);
}

function backDoor(list: readonly ExcessOfClasses[], watch: ExpectedIndex): Diagnostic {
  // A pair of pods may be in as many flows as there are families.
  const pairs = firstPairs(list, 8);
  const [from, to] = pairs[0] as readonly [Node, Node];
  const inward = isGuarded(to, watch);
  const zone = watch.zones.get((inward ? to : from).namespace);
  const parameters = {
    zone: describeNode(to, watch.zones),
    other: describeNode(from, watch.zones),
    services: formatServices(uniteServices(...list.map((one) => one.services))).join(", "),
  };
  const notes = [`path: ${from.id} (eth0) -> the default network -> ${to.id} (eth0)`];
  const names = removeDuplicates(pairs.map(([one, other]) => `${one.id} to ${other.id}`)).slice(1, 4);
  const count = list.reduce((sum, one) => sum + one.from.length * one.to.length, 0);
  if (names.length > 0) notes.push(`so do ${count - 1} more: ${names.join("; ")}`);
  return verifyRules.diagnose("back-door", zone?.origin ?? (inward ? to : from).place, parameters, { notes });
}

/** Connections of closed pods with the world beyond the cluster that nobody means. */
export function checkUnexpectedOutside(flows: readonly OutsideFlow[], watch: ExpectedIndex): readonly Diagnostic[] {
  const meant = indexExpectedPrimary(watch);
  const classes = classesOf(meant, watch);
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const flow of flows)
    for (const node of classes(flow).all.flatMap(selectAsked)) {
      const { direction } = flow;
      const party = describeNode(node, watch.zones);
      const key = `${direction} ${party}`;
      if (!isGuarded(node, watch) || seen.has(key)) continue;
      const left = leftOutside(flow, [...meant.outside(node, direction), ...endpointsOf(node, direction)]);
      if (!left) continue;
      seen.add(key);
      const world = `the world outside (${formatBriefly(left.addresses)})`;
      const [from, to] = direction === "egress" ? [party, world] : [world, party];
      const service = formatServices(left.services).join(", ");
      const arrow = direction === "egress" ? "->" : "<-";
      const notes = [`path: ${describeEnd({ type: "node", node })} (eth0) ${arrow} the node -> outside`];
      const place = watch.zones.get(node.namespace)?.origin ?? node.place;
      found.push(verifyRules.diagnose("unexpected-path", place, { from, to, service }, { notes }));
    }
  return found;
}

/** One for pods that are alike; but each gateway has endpoints of its own. */
function selectAsked(alike: Alike): readonly Node[] {
  const sample = sampleOf(alike);
  return sample.type === "gateway" ? alike.map(([, node]) => node) : [sample];
}

function formatBriefly(set: AddressSet): string {
  const first = findFirstAddress(set);
  return set.length > 3 && first ? `${formatAddressSet(set.slice(0, 2))} and more` : formatAddressSet(set);
}

/** What is left when every meant part is taken out: addresses of one service set at a time. */
function leftOutside(flow: OutsideFlow, meant: readonly Pick<ExpectedFlow, "from" | "to" | "services">[]) {
  const far = flow.direction === "egress" ? "to" : "from";
  let parts: { addresses: AddressSet; services: ServiceSet }[] = [flow];
  const alike = groupBy(meant, (one) => mergeToServiceSet(one.services).join(";"));
  for (const list of alike.values()) {
    const addresses = toAddressSet(list.flatMap((one) => one[far].cidrs));
    const services = mergeToServiceSet(list[0]?.services ?? []);
    parts = parts.flatMap((part) => [
      { addresses: subtractAddresses(part.addresses, addresses), services: part.services },
      { addresses: intersectAddresses(part.addresses, addresses), services: subtractServices(part.services, services) },
    ]);
    parts = parts.filter((part) => part.addresses.length > 0 && part.services.length > 0);
  }
  return parts[0];
}

/** The encrypted flow of a gateway's own tunnels is what its eth0 is for. */
function endpointsOf(node: Node, direction: OutsideFlow["direction"]) {
  if (direction === "ingress") return [];
  const none: ExpectedEnd = { party: undefined, cidrs: [], namespaces: [], workload: undefined };
  return [...node.runtime.tunnels.values()].flatMap(({ endpoint }) => {
    if (!endpoint) return [];
    const to = { ...none, cidrs: [toHostCidr(endpoint.address)] };
    const services = endpoint.ports.map((port) => ({ protocol: "udp" as const, first: port, last: port }));
    return [{ from: none, to, services }];
  });
}

/** Services that are meant by eth0 and do not get through. */
export function checkMissingPrimary(
  model: Model,
  flows: readonly PrimaryFlow[],
  watch: ExpectedIndex,
): readonly Diagnostic[] {
  const passing = byGroups(flows);
  const { senders, receivers } = groupForPrimary(model);
  const [sending, receiving] = [groupsNamed(model, senders), groupsNamed(model, receivers)];
  const found: Diagnostic[] = [];
  for (const meant of watch.expected.flows.filter((one) => one.over === "eth0")) {
    const missing = firstMissing(sending(meant.from), receiving(meant.to), meant, passing);
    if (!missing) continue;
    const parameters = {
      from: missing.from.id,
      to: missing.to.id,
      service: formatServices(missing.services).join(", "),
    };
    const notes = ["path: by eth0, over the default network"];
    found.push(verifyRules.diagnose("missing-path", meant.origin, parameters, { notes }));
  }
  return found;
}

type Passing = (from: PodGroup | undefined, to: PodGroup | undefined) => readonly ServiceSet[];

/** What gets through between two groups. */
function byGroups(flows: readonly PrimaryFlow[]): Passing {
  const bySender = groupBy(flows, (flow) => flow.from);
  const found = new Map([...bySender].map(([from, own]) => [from, groupBy(own, (flow) => flow.to)] as const));
  return (from, to) => {
    if (!from || !to) return [];
    return (found.get(from)?.get(to) ?? []).map((flow) => flow.services);
  };
}

/** Groups with the first pod of each that an end names. All pods of a group send, or receive, by the same flows. */
type Firsts = ReadonlyMap<PodGroup | undefined, Node>;

function groupsNamed(model: Model, { of }: GroupedPods): (end: ExpectedEnd) => Firsts {
  const byNamespace = groupBy(
    model.nodes.filter((node) => !node.hostNetwork),
    (node) => node.namespace,
  );
  const known = new Map<string, Firsts>();
  return (end) => {
    const before = known.get(formatPodsKey(end));
    if (before) return before;
    const firsts = new Map<PodGroup | undefined, Node>();
    for (const node of namesOf(end).flatMap((name) => byNamespace.get(name) ?? [])) {
      const group = of.get(node);
      if (!firsts.has(group) && matchesPod(end, node)) firsts.set(group, node);
    }
    known.set(formatPodsKey(end), firsts);
    return firsts;
  };
}

function firstMissing(from: Firsts, to: Firsts, meant: ExpectedFlow, passing: Passing): Excess | undefined {
  const wanted = mergeToServiceSet(meant.services);
  for (const [senders, sender] of from)
    for (const [receivers, receiver] of to) {
      const services = subtractServices(wanted, uniteServices(...passing(senders, receivers)));
      if (services.length > 0) return { from: sender, to: receiver, services };
    }
  return undefined;
}
