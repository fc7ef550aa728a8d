import { formatAddress } from "../../net/address.ts";
import type { Flow, FlowEnd } from "../dataplane/flow.ts";
import type { FlowStep } from "../dataplane/packet-state.ts";
import type { ExpectedZone } from "../expected/expected.ts";
import { findFirstAddress } from "../headerspace/address-set.ts";
import type { HeaderBox } from "../headerspace/packet-set.ts";
import { formatFirstService } from "../headerspace/service-set.ts";
import type { Node } from "../model/pods/node.ts";

/** Ids of zones, by the namespaces that they hold. */
export type ZoneNames = ReadonlyMap<string, { readonly id: string }>;

/** A party as a report names it: its zone, its intent, or what it is. */
export function describeParty(end: FlowEnd, zones: ZoneNames): string {
  if (end.type === "outside") return "outside";
  if (end.type === "tunnel") return end.gateway.intent ?? `the far side of ${end.interface}`;
  return describeNode(end.node, zones);
}

export function describeNode(node: Node, zones: ZoneNames): string {
  if (node.type === "external") return node.id;
  if (node.intent !== undefined && node.type === "gateway") return `the gateway of ${node.intent}`;
  if (node.type === "resolver") return node.id;
  return zones.get(node.namespace)?.id ?? (node.type === "anybody" ? node.id : `namespace/${node.namespace}`);
}

/** Zones by the namespaces they hold. */
export function indexZones(zones: readonly ExpectedZone[]): ReadonlyMap<string, ExpectedZone> {
  return new Map(zones.flatMap((zone) => zone.namespaces.map((name) => [name, zone] as const)));
}

export function describeEnd(end: FlowEnd): string {
  if (end.type === "outside") return "the world outside";
  if (end.type === "tunnel") return `the far side of ${end.interface}`;
  return end.node.id;
}

/** One packet of a box: `tcp/22 from 10.20.0.50 to 10.10.0.20`. */
export function formatWitness(box: HeaderBox): string {
  const [from, to] = [findFirstAddress(box.sources), findFirstAddress(box.destinations)];
  const text = (address: typeof from) => (address ? formatAddress(address) : "nothing");
  return `${formatFirstService(box.services)} from ${text(from)} to ${text(to)}`;
}

/** The way of a flow, node by node. */
export function formatPath(flow: Pick<Flow, "from" | "to" | "steps">): string {
  const hops = flow.steps.map((step) => `${step.node.id}${interfaces(step)} -> ${step.outgoing.domain}`);
  const end = describeEnd(flow.to);
  const last = flow.steps.at(-1);
  if (flow.to.type === "tunnel" && last)
    return `${hops
      .slice(0, -1)
      .concat(`${last.node.id}${interfaces(last)}`)
      .join(" -> ")} -> ${end}`;
  return [...hops, end].join(" -> ");
}

function interfaces(step: FlowStep): string {
  return step.incoming ? ` (${step.incoming.name} to ${step.outgoing.name})` : ` (${step.outgoing.name})`;
}
