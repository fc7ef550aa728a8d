import type { ExpectedEnd } from "../../ir/expects.ts";
import { toSingleRange } from "../../net/range.ts";
import { formatService, type Service } from "../../net/service.ts";
import type { Place } from "../../source/place.ts";
import { buildExpectedBox, listGatewayIntents, selectComparedBox } from "../checks/compare-secondary.ts";
import type { Flow, FlowSet } from "../dataplane/flow.ts";
import { intersectEnds, matchesPod } from "../expected/ends.ts";
import type { ExpectedFlow } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { findFirstAddress, intersectAddresses, toAddressSet } from "../headerspace/address-set.ts";
import { createBox, type HeaderBox, subtractSpaces } from "../headerspace/packet-set.ts";
import { intersectServices, type ServiceSet, toServiceSet } from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import { formatAskedName, formatPacketBetween, nameHops } from "./asked-names.ts";
import { describeParty, formatWitness } from "./describe.ts";
import { listHops } from "./hops.ts";
import { explainPrimaryDenial } from "./primary-denial.ts";
import { explainDrop } from "./why-dropped.ts";

/** One station of a packet, and what lets it go on or stops it there. */
export interface Hop {
  readonly at: string;
  readonly text: string;
  /** The object, or the line of a ruleset. */
  readonly place: Place | undefined;
}

/** The answer to "why does, or does not, this get through". */
export interface Trace {
  readonly verdict: "allowed" | "denied";
  /** `tcp/8443 from 10.20.0.17 to 10.10.0.20`. */
  readonly packet: string;
  readonly hops: readonly Hop[];
  /** The line of the intent that means it, where one does. */
  readonly meant: Place | undefined;
  /** The smallest change of the intents that changes the verdict. */
  readonly change: string;
}

export interface Question {
  readonly from: ExpectedEnd;
  readonly to: ExpectedEnd;
  /** As the intents would name them: `{zone: corp}`. */
  readonly names: readonly [from: string, to: string];
  readonly service: Service;
  /** What else to type, so that a rule of the intents can name them. */
  readonly first?: readonly string[];
  /** Why no rule can let the one reach the other in this cluster. */
  readonly never?: string | undefined;
}

/** Every way between two parties for a service; at least one answer, since what is stopped is one too. */
export function traceConnection(
  model: Model,
  flows: FlowSet,
  watch: ExpectedIndex,
  question: Question,
): readonly Trace[] {
  const wanted = toServiceSet(question.service);
  const ways = [...overNetworks(model, flows, watch, question, wanted), ...overDefault(flows, watch, question, wanted)];
  return ways.length > 0 ? ways : [traceStop(model, watch, question, wanted)];
}

function overNetworks(
  model: Model,
  flows: FlowSet,
  watch: ExpectedIndex,
  question: Question,
  wanted: ServiceSet,
): readonly Trace[] {
  const seen = new Set<string>();
  return flows.secondary.flatMap((flow): Trace[] => {
    const part = intersectEnds(flow, question.from, question.to);
    const services = intersectServices(selectComparedBox(flow).services, wanted);
    const destinations = part ? intersectAddresses(selectComparedBox(flow).destinations, part.destinations) : [];
    const box = part && createBox(flow.sent.family, part.sources, destinations, services);
    if (!box) return [];
    const key = `${describeParty(flow.from, watch.zones)} ${describeParty(flow.to, watch.zones)} ${listGatewayIntents(flow, watch).join()} ${flow.sent.family}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const meant = watch.findExpectedFlows(flow).find((one) => covers(flow, one, box));
    return [
      {
        verdict: "allowed",
        packet: formatPacketBetween(box, question.from, question.to),
        hops: nameHops(
          listHops(model, flow, box),
          [question.from, flow.from.type === "node" ? flow.from.node : undefined],
          [question.to, flow.to.type === "node" ? flow.to.node : undefined],
        ),
        meant: meant?.origin,
        change: meant ? remedy(meant, question, watch) : "no intent means it: run `plumbline compile`",
      },
    ];
  });
}

/** What to write so that the two no longer reach each other. Members of a network reach each other by being in it. */
function remedy({ from, to, through }: ExpectedFlow, question: Question, watch: ExpectedIndex): string {
  const service = formatService(question.service);
  if (through.length > 0 || from.party === undefined || from.party !== to.party)
    return `remove \`${service}\` from the line above, or the whole entry`;
  const network = watch.expected.networks.find((one) => one.id === from.party);
  if (network && (from.workload || to.workload || from.namespaces.length === 0 || to.namespaces.length === 0))
    return `remove \`${service}\` from the line above, or the whole entry`;
  if (network) return `write \`traffic\` on ${network.id}: without it, its members reach each other`;
  const [sender, receiver] = question.names;
  if (sender === receiver) return `no change of ${from.party} does it: its members reach each other`;
  return `move ${receiver} to a namespace of another zone: members of ${from.party} reach each other`;
}

function covers(flow: Flow, meant: ExpectedFlow, box: HeaderBox): boolean {
  return subtractSpaces([box], buildExpectedBox(flow, meant)).length === 0;
}

function overDefault(flows: FlowSet, watch: ExpectedIndex, question: Question, wanted: ServiceSet): readonly Trace[] {
  const { from, to } = question;
  for (const flow of flows.primary) {
    if (intersectServices(flow.services, wanted).length === 0) continue;
    const sender = flow.from.nodes.find((node) => matchesPod(from, node));
    const receiver = sender && flow.to.nodes.find((node) => matchesPod(to, node));
    if (!sender || !receiver) continue;
    const zoned = watch.zones.has(sender.namespace) || watch.zones.has(receiver.namespace);
    return [onEth0(question, formatAskedName(from, sender), formatAskedName(to, receiver), zoned)];
  }
  for (const { nodes, direction, addresses, services } of flows.outside) {
    const [own, far] = direction === "egress" ? [from, to] : [to, from];
    const node = nodes.find((candidate) => matchesPod(own, candidate));
    if (!node || far.cidrs.length === 0 || far.party !== undefined) continue;
    if (intersectAddresses(addresses, toAddressSet(far.cidrs)).length === 0) continue;
    if (intersectServices(services, wanted).length === 0) continue;
    return [
      direction === "egress"
        ? onEth0(question, formatAskedName(own, node), "outside", watch.zones.has(node.namespace))
        : onEth0(question, "outside", formatAskedName(own, node), watch.zones.has(node.namespace)),
    ];
  }
  return [];
}

function onEth0({ service, names }: Question, from: string, to: string, zoned: boolean): Trace {
  const hops = [
    { at: from, text: "sends out of eth0: its policies let it", place: undefined },
    { at: to, text: "receives on eth0: its policies let it", place: undefined },
  ];
  const packet = `${formatService(service)} from ${from} to ${to}, over the default network`;
  const change = zoned
    ? "close it in `podNetwork` of the zone"
    : `put ${names.join(" or ")} into a zone: nothing isolates either of them`;
  return { verdict: "allowed", packet, hops, meant: undefined, change };
}

function traceStop(model: Model, watch: ExpectedIndex, question: Question, wanted: ServiceSet): Trace {
  const { from, to, names, service } = question;
  const senders = model.nodes.filter((node) => node.type === "workload" && matchesPod(from, node));
  const sender = senders.find((node) => node.local.length > 0);
  const target = addressesOf(model, to);
  const hops: Hop[] = [];
  let packet = `${formatService(service)} from ${names[0]} to ${names[1]}`;
  if (sender && target.length > 0) {
    const family = target[0]?.family ?? 4;
    const box = createBox(family, sender.local, target, wanted);
    if (box) {
      packet = formatPacketBetween(box, from, to);
      hops.push({
        at: formatAskedName(from, sender),
        text: `sends ${formatWitness(box)} over the networks it is attached to`,
        place: sender.place,
      });
      for (const reason of explainDrop(model, sender, box)) {
        const receiver = model.nodes.find((node) => node.id === reason.at);
        hops.push({
          ...reason,
          at: receiver ? formatAskedName(to, receiver) : reason.at,
          text: `stopped: ${reason.text}`,
        });
      }
    }
  }
  hops.push(...overEth0(model, question, senders, wanted));
  return {
    verdict: "denied",
    packet,
    hops,
    meant: undefined,
    change: onNetwork(model, question, watch) ?? suggestion(model, question, sender),
  };
}

function overEth0(model: Model, { from, to }: Question, senders: readonly Node[], wanted: ServiceSet): readonly Hop[] {
  const sender = senders[0] ?? model.nodes.find((node) => matchesPod(from, node));
  const receiver = model.nodes.find((node) => (node !== sender || node.alike.length > 0) && matchesPod(to, node));
  if (!sender || !receiver) return [];
  const ends = [[from, sender] as const, [to, receiver] as const] as const;
  return nameHops(explainPrimaryDenial(model, sender, receiver, wanted), ...ends);
}

function addressesOf(model: Model, end: ExpectedEnd): HeaderBox["destinations"] {
  if (end.cidrs.length > 0) {
    const first = findFirstAddress(toAddressSet(end.cidrs));
    return first ? [toSingleRange(first)] : [];
  }
  const node = model.nodes.find((one) => matchesPod(end, one) && one.local.length > 0);
  const first = node && findFirstAddress(node.local);
  return first ? [toSingleRange(first)] : [];
}

/** The entry to add where both are on one network that limits its traffic. */
function onNetwork(
  model: Model,
  { from, to, names, service, never }: Question,
  watch: ExpectedIndex,
): string | undefined {
  if (never !== undefined) return undefined;
  const limited = watch.expected.networks.filter((one) => one.limited).map((one) => one.id);
  if (limited.length === 0) return undefined;
  const networksOf = (end: ExpectedEnd) => {
    const nodes = model.nodes.filter((node) => node.type === "workload" && matchesPod(end, node));
    const pods = nodes.flatMap((node) => node.interfaces.flatMap((one) => one.network?.manifest.intent ?? []));
    return new Set([...pods, ...(end.party === undefined ? [] : [end.party])]);
  };
  const [own, far] = [networksOf(from), networksOf(to)];
  const network = limited.find((id) => own.has(id) && far.has(id));
  if (network === undefined) return undefined;
  const [a, b] = names.map((one) => one.replace(/^\{network: [^,}]+, /, "{"));
  return `add to the \`traffic\` of ${network}: \`{from: ${a}, to: ${b}, ports: [${formatService(service)}]}\``;
}

/** What to write, and where: a port of the tunnel, a rule of the firewall that stands between the two, or a firewall. */
function suggestion(
  model: Model,
  { names, service, to, first = [], never }: Question,
  sender: Node | undefined,
): string {
  if (never !== undefined) return never;
  const [from, far] = names;
  const port = formatService(service);
  const between = (ends: readonly (Node | undefined)[]) =>
    model.nodes.find(
      (node) =>
        node.type === "gateway" && ends.every((end) => linksOf(node).some((link) => linksOf(end).includes(link))),
    );
  if (to.party?.startsWith("vpnegress/")) {
    const tunnel = model.nodes.find((node) => node.type === "gateway" && node.intent === to.party);
    const joined = linksOf(tunnel).some((link) => linksOf(sender).includes(link));
    return joined ? `add \`${port}\` to the ports of ${to.party}` : `a VpnEgress with the clients \`${from}\``;
  }
  const rule = `{name: ${port.replace(/[^a-z0-9]+/g, "-")}, from: ${from}, to: ${far}, ports: [${port}]}`;
  const receiver = model.nodes.find(
    (node) => node.type !== "anybody" && (matchesPod(to, node) || to.party === node.id),
  );
  const firewall = between([sender, receiver]);
  const change = firewall?.intent
    ? `add to the rules of ${firewall.intent}: \`${rule}\``
    : `a FirewallPair with a leg on either side, and the rule \`${rule}\``;
  return [change, ...first].join("; and ");
}

function linksOf(node: Node | undefined): readonly string[] {
  return node?.interfaces.filter((one) => one.type !== "default").map((one) => one.domain) ?? [];
}
