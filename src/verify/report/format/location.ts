import type { Place } from "../../../source/place.ts";
import { findPosition } from "../../../source/source-file.ts";
import { findSpan } from "../../../yaml/span.ts";

/** `out/east/pairs/edge.yaml:180`. */
export function formatLocation(place: Place): string {
  const span = findSpan(place);
  return `${span.file.path}:${findPosition(span.file, span.start).line}`;
}
