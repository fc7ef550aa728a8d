import { formatAddress } from "../../net/address.ts";
import { toSingleRange } from "../../net/range.ts";
import {
  type AddressSet,
  containsAddresses,
  formatAddressSet,
  hasCommonAddress,
  intersectAddresses,
  subtractAddresses,
  uniteAddresses,
} from "../headerspace/address-set.ts";
import { createBox, type HeaderBox } from "../headerspace/packet-set.ts";
import { toReplyServices } from "../headerspace/service-set.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { lookUpRoutes } from "../model/pods/routes.ts";
import { evaluateFilter } from "../nft/evaluate.ts";
import { listHeldAddresses } from "./address-owners.ts";
import { type FlowReason, type FlowStep, narrowPackets, type PacketState } from "./packet-state.ts";

export interface ReturnPath {
  /** What of the packets gets an answer back; undefined: nothing. */
  readonly travel: PacketState | undefined;
  /** Why a part gets none. */
  readonly problems: readonly FlowReason[];
}

interface ReturnTrace {
  readonly problems: FlowReason[];
  /** Destination of the packets as they arrived: source of the answers. */
  readonly from: AddressSet;
  readonly services: HeaderBox["services"];
  readonly family: 4 | 6;
}

/**
 * Follows the answers of packets that arrived, step by step back: each node must send them to the node that the packets
 * came from, since only that one knows the connection, and its rules must let an established connection through.
 */
export function traceReturnPath(
  travel: PacketState,
  to: Node | "the far side of the tunnel",
  on: Interface,
): ReturnPath {
  const { current, sent } = travel;
  const way: ReturnTrace = {
    problems: [],
    from: current.destinations,
    services: current.services,
    family: current.family,
  };
  const last = travel.steps.at(-1);
  let left = firstBack(to, on, current.sources, last, way);
  for (let at = travel.steps.length - 1; at > 0 && left.length > 0; at--) {
    const step = travel.steps[at] as FlowStep;
    left = passedBack(step, left, way);
    left = sentBack(step.node, left, travel.steps[at - 1], way);
  }
  if (left.length === 0) return { travel: undefined, problems: way.problems };
  if (containsAddresses(left, sent.sources)) return { travel, problems: way.problems };
  const box = createBox(current.family, left, current.destinations, current.services);
  return { travel: travel.masked ? travel : box && narrowPackets(travel, box), problems: way.problems };
}

function firstBack(
  to: Node | "the far side of the tunnel",
  on: Interface,
  sources: AddressSet,
  before: FlowStep | undefined,
  way: ReturnTrace,
): AddressSet {
  if (typeof to === "string") return fromTunnel(on, sources, way);
  return to.type === "external" ? fromDevice(to, sources, before, way) : sentBack(to, sources, before, way);
}

/**
 * Devices answer what comes from their own subnets, if it is there. Routes beyond are not ours to read: that they lead
 * back is taken for granted where people were told to add them.
 */
function fromDevice(device: Node, sources: AddressSet, before: FlowStep | undefined, way: ReturnTrace): AddressSet {
  const near = lookUpRoutes(device, sources, way.family).filter(({ route }) => route !== undefined);
  const own = near.reduce<AddressSet>((all, part) => uniteAddresses(all, part.destinations), []);
  const far = subtractAddresses(sources, own);
  const back = own.length > 0 ? sentBack(device, own, before, way) : [];
  if (far.length === 0 || device.forwards4) return uniteAddresses(back, far);
  way.problems.push({ text: `${device.id} has no route back to ${formatAddressSet(far)}`, place: device.place });
  return back;
}

/** The far side of a tunnel knows the tunnel's own addresses and no others (AllowedIPs of the peer). */
function fromTunnel(tunnel: Interface, sources: AddressSet, way: ReturnTrace): AddressSet {
  const known = intersectAddresses(sources, tunnel.addresses);
  const rest = subtractAddresses(sources, known);
  if (rest.length > 0)
    way.problems.push({
      text: `the far side of ${tunnel.name} has no route back to ${formatAddressSet(rest)}`,
      place: undefined,
    });
  return known;
}

/** Which sources a node sends its answers to by way of the step before it. */
function sentBack(node: Node, sources: AddressSet, before: FlowStep | undefined, way: ReturnTrace): AddressSet {
  if (!before) return sources;
  let back: AddressSet = [];
  for (const { destinations, route } of lookUpRoutes(node, sources, way.family, way.from)) {
    const out = node.interfaces.find((one) => one.name === route?.interface);
    const whom = formatAddressSet(destinations);
    const held = listHeldAddresses(before.outgoing);
    const place = node.place;
    if (!route || !out) way.problems.push({ text: `${node.id} has no route back to ${whom}`, place });
    else if (out.type === "default")
      way.problems.push({ text: `${node.id} sends its answers to ${whom} out of ${out.name}`, place });
    else if (out.domain !== before.outgoing.domain)
      way.problems.push({ text: `${node.id} sends its answers to ${whom} to ${out.domain}`, place });
    else if (route.via) {
      if (hasCommonAddress(held, [toSingleRange(route.via)])) back = uniteAddresses(back, destinations);
      else {
        const hop = formatAddress(route.via);
        way.problems.push({ text: `${node.id} sends its answers to ${whom} by ${hop}, not ${before.node.id}`, place });
      }
    } else {
      const direct = intersectAddresses(destinations, held);
      back = uniteAddresses(back, direct);
      const lost = subtractAddresses(destinations, held);
      if (lost.length > 0)
        way.problems.push({ text: `${node.id} looks for ${formatAddressSet(lost)} on ${out.domain} itself`, place });
    }
  }
  return back;
}

/** Undoes the translation at a gateway and asks its forward chain about the established connection. */
function passedBack(step: FlowStep, sources: AddressSet, way: ReturnTrace): AddressSet {
  const to = step.sourcesBefore ?? sources;
  const { ruleset } = step.node.runtime;
  const box = createBox(way.family, way.from, to, toReplyServices(way.services));
  if (!ruleset || !box) return to;
  const crossing = {
    incoming: step.outgoing.name,
    outgoing: step.incoming?.name,
    state: "established" as const,
    translated: false,
  };
  const { dropped } = evaluateFilter(ruleset, "forward", crossing, box);
  for (const one of dropped) {
    const text = one.rule ? `rule \`${one.rule.text}\`` : `the policy of chain \`${one.chain.name}\``;
    way.problems.push({
      text: `${text} of ${step.node.id} drops answers`,
      place: one.rule?.place ?? step.node.runtime.rulesAt,
    });
  }
  return dropped.reduce<AddressSet>((left, one) => subtractAddresses(left, one.packets.destinations), to);
}
