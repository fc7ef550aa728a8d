import { oneAddress } from "../../net/range.ts";
import type { Reason } from "../dataplane/travel.ts";
import { send } from "../dataplane/walk.ts";
import { lowest } from "../headerspace/address-set.ts";
import type { Packets } from "../headerspace/packet-set.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";

export interface Stop extends Reason {
  /** The node that drops it. */
  readonly at: string;
}

/** Where one packet of a box is dropped, and by what; the last first. */
export function whyDropped(model: Model, from: Node, box: Packets): readonly Stop[] {
  const to = lowest(box.destinations);
  const service = box.services[0];
  if (!to || !service) return [];
  const reasons: Stop[] = [];
  send(
    model,
    from,
    [oneAddress(to)],
    {
      delivered: () => undefined,
      tunnelled: () => undefined,
      leaked: (_travel, { id, place }) => reasons.push({ at: id, text: "sends it out of its eth0", place }),
      dropped: (_travel, { id }, { text, place }) => reasons.push({ at: id, text, place }),
    },
    [[service[0], service[0]]],
  );
  return reasons.reverse();
}
