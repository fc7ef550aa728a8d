import type { PlacedRequest, SegmentState } from "../../allocation/segment-state.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Intent } from "../../ir/intent.ts";
import type { SourceDocument } from "../../source/place.ts";

/**
 * Drops findings that may follow from a network that failed: those of its own intent, and of intents that name it or its
 * members. Its cause is reported; what is left of these shows in the next run.
 */
export function dropConsequences(
  found: readonly Diagnostic[],
  placed: readonly PlacedRequest[],
  sites: readonly SegmentState[],
  intents: readonly Intent[],
): readonly Diagnostic[] {
  const settled = new Set(sites.map((site) => `${site.cluster.name} ${site.request.id}`));
  const failed = placed.filter((one) => !settled.has(`${one.cluster.name} ${one.request.id}`));
  if (failed.length === 0) return found;
  const ids = new Set(failed.map((one) => one.request.id));
  const namespaces = new Set(failed.flatMap((one) => one.request.members.map((member) => member.workload.namespace)));
  const names = new Set([...ids].map((id) => id.slice(id.indexOf("/") + 1)));
  const depends = new Map<SourceDocument, boolean>();
  for (const intent of intents)
    depends.set(intent.doc, ids.has(intent.id) || mentions(intent.spec, names, namespaces, undefined));
  return found.filter(({ place }) => !place || !("doc" in place) || depends.get(place.doc) !== true);
}

/** Keys by which an intent names another one, or a namespace. */
const NAMING: ReadonlySet<string> = new Set(["zone", "external", "vpn", "network", "name"]);

function mentions(
  value: unknown,
  names: ReadonlySet<string>,
  namespaces: ReadonlySet<string>,
  key: string | undefined,
): boolean {
  if (typeof value === "string")
    return (
      key !== undefined && ((NAMING.has(key) && names.has(value)) || (key === "namespace" && namespaces.has(value)))
    );
  if (Array.isArray(value)) return value.some((one) => mentions(one, names, namespaces, key));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, one]) => mentions(one, names, namespaces, name));
}
