import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import type { CommonSpec, Instance, Intent } from "../ir/intent.ts";
import type { Project } from "../ir/project.ts";
import type { Kind } from "../kinds/kind.ts";
import { checkAgainstSchema } from "../schema/check-value.ts";
import { buildDocumentSchema } from "../schema/document.ts";
import { type NodePlace, type Path, placeAt, placeAtKey } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";
import { intentRules } from "./intent-rules.ts";

export interface Instances {
  /** By cluster name, in the order of the intents. */
  readonly byCluster: ReadonlyMap<string, readonly Instance[]>;
}

/** Each intent as it holds in each of its clusters. */
export function buildInstances(
  intents: readonly Intent[],
  project: Project,
  kindOf: (name: string) => Kind,
): { readonly value: Instances; readonly diagnostics: readonly Diagnostic[] } {
  const names = project.clusters.map((cluster) => cluster.name);
  const byCluster = new Map<string, Instance[]>(names.map((name) => [name, []]));
  const found: Diagnostic[] = [];
  for (const intent of intents) {
    const spec = intent.spec as CommonSpec;
    checkClusterNames(intent, spec, names, found);
    if (!kindOf(intent.kind).hasTarget) checkNoTarget(intent, spec, found);
    for (const name of spec.clusters ?? names) {
      const instances = byCluster.get(name);
      const instance = instanceOf(intent, name, kindOf(intent.kind), found);
      if (instances && instance) instances.push(instance);
    }
  }
  return { value: { byCluster }, diagnostics: found };
}

function checkNoTarget(intent: Intent, spec: CommonSpec, found: Diagnostic[]): void {
  const { kind, doc } = intent;
  if (spec.target !== undefined)
    found.push(intentRules.diagnose("no-target", placeAtKey(doc, "spec", "target"), { kind }));
  for (const [name, part] of Object.entries(spec.overrides ?? {}))
    if (isObject(part) && Object.hasOwn(part, "target"))
      found.push(intentRules.diagnose("no-target", placeAtKey(doc, "spec", "overrides", name, "target"), { kind }));
}

function checkClusterNames(intent: Intent, spec: CommonSpec, names: readonly string[], found: Diagnostic[]): void {
  const unknown = (place: NodePlace, name: string) =>
    intentRules.diagnose(
      "unknown-cluster",
      place,
      { name },
      {
        notes: [`the clusters are: ${formatList(names)}`],
        help: formatSuggestion(name, names),
      },
    );
  for (const [index, name] of (spec.clusters ?? []).entries())
    if (!names.includes(name)) found.push(unknown(placeAt(intent.doc, "spec", "clusters", index), name));
  for (const [name, part] of Object.entries(spec.overrides ?? {})) {
    if (!names.includes(name)) found.push(unknown(placeAtKey(intent.doc, "spec", "overrides", name), name));
    for (const key of ["clusters", "overrides"])
      if (isObject(part) && Object.hasOwn(part, key))
        found.push(
          intentRules.diagnose("same-everywhere", placeAtKey(intent.doc, "spec", "overrides", name, key), { key }),
        );
  }
}

function instanceOf(intent: Intent, cluster: string, kind: Kind, found: Diagnostic[]): Instance | undefined {
  const { overrides, ...spec } = intent.spec as CommonSpec;
  const part = overrides && Object.hasOwn(overrides, cluster) ? overrides[cluster] : undefined;
  if (part === undefined) return { intent, cluster, spec, at: (...path) => placeAt(intent.doc, "spec", ...path) };
  const locate = (path: Path): NodePlace =>
    findValue(part, path) === undefined
      ? placeAt(intent.doc, "spec", ...path)
      : placeAt(intent.doc, "spec", "overrides", cluster, ...path);
  const merged = merge(spec, part);
  const document = { ...(intent.doc.value as object), spec: merged };
  const wrong = checkAgainstSchema(
    kind.validate,
    kind.name,
    buildDocumentSchema(kind.name, kind.schema),
    document,
    (path, on) => ({
      ...locate(path.slice(1)),
      on,
    }),
  );
  found.push(...wrong);
  return wrong.length > 0 ? undefined : { intent, cluster, spec: merged, at: (...path) => locate(path) };
}

/** Field by field; lists and single values are replaced whole. */
function merge(base: unknown, part: unknown): unknown {
  if (!isObject(base) || !isObject(part)) return part;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(part))
    merged[key] = Object.hasOwn(base, key) ? merge(base[key], value) : value;
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
