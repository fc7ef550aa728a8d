import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatList } from "../diagnostics/suggest.ts";
import type { Instance } from "../ir/intent.ts";
import { UNKNOWN_KIND, type Workload, type Workloads } from "../ir/workload.ts";
import type { Path } from "../source/place.ts";
import { formatDisplayName } from "../workloads/display-name.ts";
import type { Instances } from "./instances.ts";
import { intentRules } from "./intent-rules.ts";

/** Keys under which a spec names workloads: one, or a list of them. */
const KEYS: ReadonlySet<string> = new Set(["workload", "adopt"]);

/** Fills in the `kind` of references that leave it out: where one workload of the namespace has the name, it is that one's. */
export function completeWorkloadKinds(
  { byCluster }: Instances,
  workloads: Workloads,
): { readonly value: Instances; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const value = new Map(
    [...byCluster].map(([cluster, instances]) => [
      cluster,
      instances.map((one) => completed(one, workloads, diagnostics)),
    ]),
  );
  return { value: { byCluster: value }, diagnostics };
}

function completed(instance: Instance, workloads: Workloads, found: Diagnostic[]): Instance {
  const kindOf = (namespace: string, name: string, path: Path): string => {
    const named = workloads.inNamespace(namespace).filter((one) => one.name === name);
    if (named.length > 1) found.push(ambiguous(instance, named, path));
    return named[0]?.kind ?? UNKNOWN_KIND;
  };
  const fill = (value: unknown, path: Path, isRef: boolean): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((item, index) => fill(item, [...path, index], isRef));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (typeof value !== "object" || value === null) return value;
    const fields = value as Readonly<Record<string, unknown>>;
    if (isRef && typeof fields.namespace === "string" && typeof fields.name === "string")
      return fields.kind === undefined ? { ...fields, kind: kindOf(fields.namespace, fields.name, path) } : value;
    let changed: Record<string, unknown> | undefined;
    for (const [key, inner] of Object.entries(fields)) {
      const filled = fill(inner, [...path, key], KEYS.has(key));
      if (filled === inner) continue;
      changed ??= { ...fields };
      changed[key] = filled;
    }
    return changed ?? value;
  };
  const spec = fill(instance.spec, [], false);
  return spec === instance.spec ? instance : { ...instance, spec };
}

function ambiguous(instance: Instance, named: readonly Workload[], path: Path): Diagnostic {
  const { namespace, name } = named[0] as Workload;
  const kinds = named.map((one) => one.kind);
  const parameters = { namespace, name, candidates: formatList(named.map(formatDisplayName)) };
  const help = `write \`kind: ${kinds[0]}\`${kinds
    .slice(1)
    .map((kind) => ` or \`kind: ${kind}\``)
    .join("")}`;
  return intentRules.diagnose("ambiguous-workload", instance.at(...path), parameters, { help });
}
