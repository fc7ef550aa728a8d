import { groupBy } from "../../collections/group-by.ts";
import type { ExpectedFlow } from "./expected.ts";

/** Flows between the same ends by the same way as one flow with all their services. */
export interface ExpectedFlowGroup extends ExpectedFlow {
  readonly parts: readonly ExpectedFlow[];
}

/** A thousand rules between two zones are asked as one. */
export function groupFlows(flows: readonly ExpectedFlow[]): readonly ExpectedFlowGroup[] {
  const alike = groupBy(flows, ({ from, to, through }) => formatFlowKey([from, to, through]));
  return [...alike.values()].map((parts) => {
    const first = parts[0] as ExpectedFlow;
    if (parts.length === 1) return { ...first, parts };
    // No service at all means every one.
    const whole = parts.some((one) => one.services.length === 0);
    return { ...first, services: whole ? [] : parts.flatMap((one) => one.services), parts };
  });
}

function formatFlowKey(ends: unknown): string {
  return JSON.stringify(ends, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
