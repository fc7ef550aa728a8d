import type { Place } from "../../../source/place.ts";
import type { Trace } from "../trace.ts";
import { formatLocation } from "./location.ts";

/** An answer for people: the verdict, the stations, and what would change the result. */
export function formatTraces(traces: readonly Trace[]): string {
  return traces
    .map(({ verdict, packet, hops, meant, change }) => {
      const lines = hops.map((hop, index) => `  ${index + 1}. ${hop.at}: ${hop.text}${formatPlaceLine(hop.place)}`);
      const line = meant ? `  meant by ${formatLocation(meant)}\n` : "";
      return `${verdict}: ${packet}\n${lines.join("\n")}\n${line}  to change the result: ${change}\n`;
    })
    .join("\n");
}

export function formatTracesJson(traces: readonly Trace[]): string {
  return `${JSON.stringify(convertTraces(traces), undefined, 2)}\n`;
}

/** Traces with the lines of their places. */
export function convertTraces(traces: readonly Trace[]) {
  return traces.map(({ hops, meant, ...rest }) => ({
    ...rest,
    hops: hops.map(({ place, ...hop }) => ({ ...hop, ...(place && { place: formatLocation(place) }) })),
    ...(meant && { meant: formatLocation(meant) }),
  }));
}

function formatPlaceLine(place: Place | undefined): string {
  return place ? `\n     ${formatLocation(place)}` : "";
}
