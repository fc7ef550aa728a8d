import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import { zoneRules } from "./rules.ts";
import type { IsolationZoneSpec, OpeningPeerSpec, OpeningSpec } from "./types.ts";

/** Where the peer of an opening is written: `from` for ingress, `to` for egress. */
export function choosePeerKey(opening: OpeningSpec): "from" | "to" {
  return opening.direction === "ingress" ? "from" : "to";
}

/** An opening by itself: one peer, on the side that its direction means. */
export function checkOpening(instance: Instance<IsolationZoneSpec>, opening: OpeningSpec, index: number): Diagnostic[] {
  const place = (...path: (string | number)[]) => instance.at("podNetwork", "allow", index, ...path);
  const key = choosePeerKey(opening);
  const other = key === "from" ? "to" : "from";
  const peer = opening[key];
  if (!peer || opening[other])
    return [
      zoneRules.diagnose("opening-direction", place(...(opening[other] ? [other] : [])), {
        direction: opening.direction,
        key,
      }),
    ];
  const kinds = kindsOf(peer);
  if (kinds.length !== 1)
    return [
      zoneRules.diagnose("opening-peer", place(key), { found: kinds.length === 0 ? "none" : kinds.join(" and ") }),
    ];
  return [];
}

function kindsOf(peer: OpeningPeerSpec): string[] {
  const kinds = (["namespace", "cidr"] as const).filter((key) => peer[key] !== undefined) as string[];
  for (const key of ["internet", "apiServer", "hostNetwork"] as const) if (peer[key] === true) kinds.push(key);
  return kinds;
}
