import type { Place } from "../../source/place.ts";
import type { AddressSet } from "../headerspace/address-set.ts";
import type { HeaderBox } from "../headerspace/packet-set.ts";
import type { Interface, Node } from "../model/pods/node.ts";

/** A node that packets passed, and how. */
export interface FlowStep {
  readonly node: Node;
  /** Absent where packets begin. */
  readonly incoming: Interface | undefined;
  readonly outgoing: Interface;
  /** Sources as they came in, where the node changed them. */
  readonly sourcesBefore: AddressSet | undefined;
  /** What let them through here: a rule, a policy, a route. */
  readonly by: readonly FlowReason[];
}

export interface FlowReason {
  readonly text: string;
  readonly place: Place | undefined;
}

/** Packets under way. */
export interface PacketState {
  /** As the sender sent them. */
  readonly sent: HeaderBox;
  /** As they are now, after translations. */
  readonly current: HeaderBox;
  readonly steps: readonly FlowStep[];
  /** The destination was translated, so the asked one is fixed. */
  readonly redirected: boolean;
  /** The sources were translated. */
  readonly masked: boolean;
}

/** Packets narrowed under way; what was asked is narrowed with them where it still is the same. */
export function narrowPackets(travel: PacketState, current: HeaderBox): PacketState {
  const { sent, steps, redirected, masked } = travel;
  return {
    steps,
    redirected,
    masked,
    current,
    sent: {
      family: sent.family,
      sources: travel.masked ? sent.sources : current.sources,
      destinations: travel.redirected ? sent.destinations : current.destinations,
      services: travel.redirected ? sent.services : current.services,
    },
  };
}

/** What happens to packets in the end. */
export interface DispositionVisitor {
  delivered(travel: PacketState, to: Node, on: Interface): void;
  /** Out of a tunnel of a gateway. */
  tunnelled(travel: PacketState, gateway: Node, tunnel: Interface): void;
  /** Out of eth0 of a node that is not the sender: in clear text. */
  leaked(travel: PacketState, gateway: Node): void;
  dropped?(travel: PacketState, at: Node, reason: FlowReason): void;
  /** Whether nobody asks what becomes of these packets at a node. Absent: all is asked. */
  skips?(travel: PacketState, at: Node): boolean;
}
