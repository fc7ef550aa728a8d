import { oneAddress } from "../net/range.ts";
import type { Reason } from "./flows/travel.ts";
import { send } from "./flows/walk.ts";
import type { Model } from "./model.ts";
import { lowest } from "./packets/address-set.ts";
import type { Packets } from "./packets/packet-set.ts";
import type { Node } from "./pods/node.ts";

/** Where one packet of a box is dropped, and by what; the last first. */
export function whyDropped(model: Model, from: Node, box: Packets): readonly Reason[] {
  const to = lowest(box.destinations);
  const service = box.services[0];
  if (!to || !service) return [];
  const reasons: Reason[] = [];
  send(
    model,
    from,
    [oneAddress(to)],
    {
      delivered: () => undefined,
      tunnelled: () => undefined,
      leaked: (_travel, gateway) =>
        reasons.push({ text: `${gateway.id} sends it out of its eth0`, place: gateway.place }),
      dropped: (_travel, at, reason) => reasons.push({ text: `${at.id}: ${reason.text}`, place: reason.place }),
    },
    [[service[0], service[0]]],
  );
  return reasons.reverse();
}
