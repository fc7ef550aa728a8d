import type { Place } from "../../../source/place.ts";
import type { Trace } from "../trace.ts";
import { shown } from "./shown.ts";

/** An answer for people: the verdict, the stations, and what would change the result. */
export function traceText(traces: readonly Trace[]): string {
  return traces
    .map(({ verdict, packet, hops, meant, change }) => {
      const lines = hops.map((hop, index) => `  ${index + 1}. ${hop.at}: ${hop.text}${where(hop.place)}`);
      const line = meant ? `  meant by ${shown(meant)}\n` : "";
      return `${verdict}: ${packet}\n${lines.join("\n")}\n${line}  to change the result: ${change}\n`;
    })
    .join("\n");
}

export function traceJson(traces: readonly Trace[]): string {
  return `${JSON.stringify(plainTraces(traces), undefined, 2)}\n`;
}

/** Traces with the lines of their places. */
export function plainTraces(traces: readonly Trace[]) {
  return traces.map(({ hops, meant, ...rest }) => ({
    ...rest,
    hops: hops.map(({ place, ...hop }) => ({ ...hop, ...(place && { place: shown(place) }) })),
    ...(meant && { meant: shown(meant) }),
  }));
}

function where(place: Place | undefined): string {
  return place ? `\n     ${shown(place)}` : "";
}
