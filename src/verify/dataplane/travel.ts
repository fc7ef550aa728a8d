import type { Place } from "../../source/place.ts";
import type { AddressSet } from "../headerspace/address-set.ts";
import type { Packets } from "../headerspace/packet-set.ts";
import type { Interface, Node } from "../model/pods/node.ts";

/** A node that packets passed, and how. */
export interface Step {
  readonly node: Node;
  /** Absent where packets begin. */
  readonly incoming: Interface | undefined;
  readonly outgoing: Interface;
  /** Sources as they came in, where the node changed them. */
  readonly sourcesBefore: AddressSet | undefined;
  /** What let them through here: a rule, a policy, a route. */
  readonly by: readonly Reason[];
}

export interface Reason {
  readonly text: string;
  readonly place: Place | undefined;
}

/** Packets under way. */
export interface Travel {
  /** As the sender sent them. */
  readonly asked: Packets;
  /** As they are now, after translations. */
  readonly now: Packets;
  readonly steps: readonly Step[];
  /** The destination was translated, so the asked one is fixed. */
  readonly redirected: boolean;
  /** The sources were translated. */
  readonly masked: boolean;
}

/** Packets narrowed under way; what was asked is narrowed with them where it still is the same. */
export function narrowed(travel: Travel, now: Packets): Travel {
  const { asked, steps, redirected, masked } = travel;
  return {
    steps,
    redirected,
    masked,
    now,
    asked: {
      family: asked.family,
      sources: travel.masked ? asked.sources : now.sources,
      destinations: travel.redirected ? asked.destinations : now.destinations,
      services: travel.redirected ? asked.services : now.services,
    },
  };
}

/** What happens to packets in the end. */
export interface Sink {
  delivered(travel: Travel, to: Node, on: Interface): void;
  /** Out of a tunnel of a gateway. */
  tunnelled(travel: Travel, gateway: Node, tunnel: Interface): void;
  /** Out of eth0 of a node that is not the sender: in clear text. */
  leaked(travel: Travel, gateway: Node): void;
  dropped?(travel: Travel, at: Node, reason: Reason): void;
  /** Whether nobody asks what becomes of these packets at a node. Absent: all is asked. */
  skips?(travel: Travel, at: Node): boolean;
}
