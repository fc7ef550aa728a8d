import { toSingleRange } from "../../net/range.ts";
import { sendPackets } from "../dataplane/forward.ts";
import type { FlowReason } from "../dataplane/packet-state.ts";
import { findFirstAddress } from "../headerspace/address-set.ts";
import type { HeaderBox } from "../headerspace/packet-set.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";

export interface DropStep extends FlowReason {
  /** The node that drops it. */
  readonly at: string;
}

/** Where one packet of a box is dropped, and by what; the last first. */
export function explainDrop(model: Model, from: Node, box: HeaderBox): readonly DropStep[] {
  const to = findFirstAddress(box.destinations);
  const service = box.services[0];
  if (!to || !service) return [];
  const reasons: DropStep[] = [];
  sendPackets(
    model,
    from,
    [toSingleRange(to)],
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
