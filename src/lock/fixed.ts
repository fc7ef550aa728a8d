import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { FixedField } from "../ir/manifest.ts";
import type { Plan } from "../ir/plan.ts";
import { entryPlace, type Lock } from "./lock.ts";
import { lockRules } from "./rules.ts";

interface Cluster {
  readonly plan: Plan;
  readonly fixed?: readonly FixedField[];
}

/**
 * Fields that an API server takes once, as the lock has them and as they would be now. One that differs is an error, unless
 * its intent is among `relock`: then somebody deletes the old object. Clusters that are `left` out keep their lines.
 */
export function settleFixed(
  clusters: readonly Cluster[],
  left: readonly string[],
  lock: Lock,
  relock: readonly string[],
): { readonly value: ReadonlyMap<string, string>; readonly diagnostics: readonly Diagnostic[] } {
  const value = new Map([...lock.fixed].filter(([key]) => left.some((name) => key.startsWith(`cluster/${name}/`))));
  const diagnostics: Diagnostic[] = [];
  const replaced = new Set(relock);
  for (const { plan, fixed = [] } of clusters)
    for (const field of fixed) {
      const key = `cluster/${plan.cluster.name}/${field.intent}/${field.field}`;
      const before = lock.fixed.get(key);
      value.set(key, field.value);
      if (before !== undefined && before !== field.value && !replaced.has(field.intent))
        diagnostics.push(changed(field, before, key, lock));
    }
  return { value, diagnostics };
}

function changed({ origin, object, field, value, intent }: FixedField, before: string, key: string, lock: Lock) {
  const place = entryPlace(lock, key);
  const related = place ? [{ place, label: "as it stands in the cluster" }] : [];
  const name = object.slice(object.indexOf(" ") + 1);
  const kind = object.slice(0, object.indexOf(" ")).toLowerCase();
  const notes = [
    `to replace it: scale its pods down, \`kubectl delete ${kind} ${name}\`, then \`plumbline compile --relock ${intent}\``,
  ];
  const help = "take the change back, or give the intent another name: then the old and the new one stand side by side";
  return lockRules.diagnose("cannot-change", origin, { object, field, before, now: value }, { related, notes, help });
}
