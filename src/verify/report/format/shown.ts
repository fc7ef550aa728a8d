import type { Place } from "../../../source/place.ts";
import { positionAt } from "../../../source/source-file.ts";
import { spanOf } from "../../../yaml/span.ts";

/** `out/east/pairs/edge.yaml:180`. */
export function shown(place: Place): string {
  const span = spanOf(place);
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}
