import { formatAddress } from "../../net/address.ts";
import { oneAddress } from "../../net/range.ts";
import { type AddressSet, formatSet, holdsAll, intersect, meets, unite, without } from "../headerspace/address-set.ts";
import { type Packets, packets } from "../headerspace/packet-set.ts";
import { answersTo } from "../headerspace/service-set.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { lookUp } from "../model/pods/routes.ts";
import { filter } from "../nft/evaluate.ts";
import { heldBy } from "./holders.ts";
import { narrowed, type Reason, type Step, type Travel } from "./travel.ts";

export interface Answered {
  /** What of the packets gets an answer back; undefined: nothing. */
  readonly travel: Travel | undefined;
  /** Why a part gets none. */
  readonly problems: readonly Reason[];
}

interface Way {
  readonly problems: Reason[];
  /** Destination of the packets as they arrived: source of the answers. */
  readonly from: AddressSet;
  readonly services: Packets["services"];
  readonly family: 4 | 6;
}

/**
 * Follows the answers of packets that arrived, step by step back: each node must send them to the node that the packets
 * came from, since only that one knows the connection, and its rules must let an established connection through.
 */
export function answered(travel: Travel, to: Node | "the far side of the tunnel", on: Interface): Answered {
  const { now, asked } = travel;
  const way: Way = { problems: [], from: now.destinations, services: now.services, family: now.family };
  const last = travel.steps.at(-1);
  let left = firstBack(to, on, now.sources, last, way);
  for (let at = travel.steps.length - 1; at > 0 && left.length > 0; at--) {
    const step = travel.steps[at] as Step;
    left = passedBack(step, left, way);
    left = sentBack(step.node, left, travel.steps[at - 1], way);
  }
  if (left.length === 0) return { travel: undefined, problems: way.problems };
  if (holdsAll(left, asked.sources)) return { travel, problems: way.problems };
  const box = packets(now.family, left, now.destinations, now.services);
  return { travel: travel.masked ? travel : box && narrowed(travel, box), problems: way.problems };
}

function firstBack(
  to: Node | "the far side of the tunnel",
  on: Interface,
  sources: AddressSet,
  before: Step | undefined,
  way: Way,
): AddressSet {
  if (typeof to === "string") return fromTunnel(on, sources, way);
  return to.type === "external" ? fromDevice(to, sources, before, way) : sentBack(to, sources, before, way);
}

/**
 * Devices answer what comes from their own subnets, if it is there. Routes beyond are not ours to read: that they lead
 * back is taken for granted where people were told to add them.
 */
function fromDevice(device: Node, sources: AddressSet, before: Step | undefined, way: Way): AddressSet {
  const near = lookUp(device, sources, way.family).filter(({ route }) => route !== undefined);
  const own = near.reduce<AddressSet>((all, part) => unite(all, part.destinations), []);
  const far = without(sources, own);
  const back = own.length > 0 ? sentBack(device, own, before, way) : [];
  if (far.length === 0 || device.forwards4) return unite(back, far);
  way.problems.push({ text: `${device.id} has no route back to ${formatSet(far)}`, place: device.place });
  return back;
}

/** The far side of a tunnel knows the tunnel's own addresses and no others (AllowedIPs of the peer). */
function fromTunnel(tunnel: Interface, sources: AddressSet, way: Way): AddressSet {
  const known = intersect(sources, tunnel.addresses);
  const rest = without(sources, known);
  if (rest.length > 0)
    way.problems.push({
      text: `the far side of ${tunnel.name} has no route back to ${formatSet(rest)}`,
      place: undefined,
    });
  return known;
}

/** Which sources a node sends its answers to by way of the step before it. */
function sentBack(node: Node, sources: AddressSet, before: Step | undefined, way: Way): AddressSet {
  if (!before) return sources;
  let back: AddressSet = [];
  for (const { destinations, route } of lookUp(node, sources, way.family, way.from)) {
    const out = node.interfaces.find((one) => one.name === route?.interface);
    const whom = formatSet(destinations);
    const held = heldBy(before.outgoing);
    const place = node.place;
    if (!route || !out) way.problems.push({ text: `${node.id} has no route back to ${whom}`, place });
    else if (out.type === "default")
      way.problems.push({ text: `${node.id} sends its answers to ${whom} out of ${out.name}`, place });
    else if (out.domain !== before.outgoing.domain)
      way.problems.push({ text: `${node.id} sends its answers to ${whom} to ${out.domain}`, place });
    else if (route.via) {
      if (meets(held, [oneAddress(route.via)])) back = unite(back, destinations);
      else {
        const hop = formatAddress(route.via);
        way.problems.push({ text: `${node.id} sends its answers to ${whom} by ${hop}, not ${before.node.id}`, place });
      }
    } else {
      const direct = intersect(destinations, held);
      back = unite(back, direct);
      const lost = without(destinations, held);
      if (lost.length > 0)
        way.problems.push({ text: `${node.id} looks for ${formatSet(lost)} on ${out.domain} itself`, place });
    }
  }
  return back;
}

/** Undoes the translation at a gateway and asks its forward chain about the established connection. */
function passedBack(step: Step, sources: AddressSet, way: Way): AddressSet {
  const to = step.sourcesBefore ?? sources;
  const { ruleset } = step.node.runtime;
  const box = packets(way.family, way.from, to, answersTo(way.services));
  if (!ruleset || !box) return to;
  const crossing = {
    incoming: step.outgoing.name,
    outgoing: step.incoming?.name,
    state: "established" as const,
    translated: false,
  };
  const { dropped } = filter(ruleset, "forward", crossing, box);
  for (const one of dropped) {
    const text = one.rule ? `rule \`${one.rule.text}\`` : `the policy of chain \`${one.chain.name}\``;
    way.problems.push({
      text: `${text} of ${step.node.id} drops answers`,
      place: one.rule?.place ?? step.node.runtime.rulesAt,
    });
  }
  return dropped.reduce<AddressSet>((left, one) => without(left, one.packets.destinations), to);
}
