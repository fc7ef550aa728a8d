import { formatAddress } from "../../net/address.ts";
import type { Flow, FlowEnd } from "../dataplane/flow.ts";
import type { Step } from "../dataplane/travel.ts";
import type { MeantZone } from "../expected/expected.ts";
import { lowest } from "../headerspace/address-set.ts";
import type { Packets } from "../headerspace/packet-set.ts";
import { firstService } from "../headerspace/service-set.ts";
import type { Node } from "../model/pods/node.ts";

/** Ids of zones, by the namespaces that they hold. */
export type ZoneNames = ReadonlyMap<string, { readonly id: string }>;

/** A party as a report names it: its zone, its intent, or what it is. */
export function partyOf(end: FlowEnd, zones: ZoneNames): string {
  if (end.type === "outside") return "outside";
  if (end.type === "tunnel") return end.gateway.intent ?? `the far side of ${end.interface}`;
  return nodeParty(end.node, zones);
}

export function nodeParty(node: Node, zones: ZoneNames): string {
  if (node.type === "external") return node.id;
  if (node.intent !== undefined && node.type === "gateway") return `the gateway of ${node.intent}`;
  if (node.type === "resolver") return node.id;
  return zones.get(node.namespace)?.id ?? (node.type === "anybody" ? node.id : `namespace/${node.namespace}`);
}

/** Zones by the namespaces they hold. */
export function zonesByNamespace(zones: readonly MeantZone[]): ReadonlyMap<string, MeantZone> {
  return new Map(zones.flatMap((zone) => zone.namespaces.map((name) => [name, zone] as const)));
}

export function endName(end: FlowEnd): string {
  if (end.type === "outside") return "the world outside";
  if (end.type === "tunnel") return `the far side of ${end.interface}`;
  return end.node.id;
}

/** One packet of a box: `tcp/22 from 10.20.0.50 to 10.10.0.20`. */
export function witness(box: Packets): string {
  const [from, to] = [lowest(box.sources), lowest(box.destinations)];
  const text = (address: typeof from) => (address ? formatAddress(address) : "nothing");
  return `${firstService(box.services)} from ${text(from)} to ${text(to)}`;
}

/** The way of a flow, node by node. */
export function pathOf(flow: Pick<Flow, "from" | "to" | "steps">): string {
  const hops = flow.steps.map((step) => `${step.node.id}${interfaces(step)} -> ${step.outgoing.domain}`);
  const end = endName(flow.to);
  const last = flow.steps.at(-1);
  if (flow.to.type === "tunnel" && last)
    return `${hops
      .slice(0, -1)
      .concat(`${last.node.id}${interfaces(last)}`)
      .join(" -> ")} -> ${end}`;
  return [...hops, end].join(" -> ");
}

function interfaces(step: Step): string {
  return step.incoming ? ` (${step.incoming.name} to ${step.outgoing.name})` : ` (${step.outgoing.name})`;
}
