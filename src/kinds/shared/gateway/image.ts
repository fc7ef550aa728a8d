import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { NodePlace } from "../../../source/place.ts";
import { gatewayRules } from "./rules.ts";

/** A gateway's image must stay what was reviewed: by digest, at the very least by a version. */
export function checkImage(image: string, place: NodePlace): Diagnostic[] {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  if (tag === undefined || tag === "latest") return [gatewayRules.diagnose("latest-image", place, { image })];
  return [gatewayRules.diagnose("image-without-digest", place, { image })];
}
