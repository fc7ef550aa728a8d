import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ImmutableField } from "../../ir/manifest.ts";
import type { Plan } from "../../ir/plan.ts";
import { findLockEntry, type Lock } from "./lock.ts";
import { lockRules } from "./rules.ts";

interface Cluster {
  readonly plan: Plan;
  readonly fixed?: readonly ImmutableField[];
}

/**
 * Fields that an API server takes once, as the lock has them and as they would be now. One that differs is an error, unless
 * its intent is among `relock`: then somebody deletes the old object. Clusters that are `left` out keep their lines.
 */
export function checkImmutableFields(
  clusters: readonly Cluster[],
  left: readonly string[],
  lock: Lock,
  relock: readonly string[],
): { readonly value: ReadonlyMap<string, string>; readonly diagnostics: readonly Diagnostic[] } {
  const value = new Map([...lock.fixed].filter(([key]) => left.some((name) => key.startsWith(`cluster/${name}/`))));
  const diagnostics: Diagnostic[] = [];
  const replaced = new Set(relock);
  for (const { plan, fixed = [] } of clusters) {
    const changed = new Map<string, Change[]>();
    for (const field of fixed) {
      const key = `cluster/${plan.cluster.name}/${field.intent}/${field.field}`;
      const before = lock.fixed.get(key);
      value.set(key, field.value);
      if (before === undefined || before === field.value || replaced.has(field.intent)) continue;
      pushTo(changed, field.object, { field, before, key });
    }
    for (const changes of changed.values()) diagnostics.push(report(changes as [Change, ...Change[]], lock));
  }
  return { value, diagnostics };
}

interface Change {
  readonly field: ImmutableField;
  readonly before: string;
  readonly key: string;
}

/** One finding for an object, whatever of it has changed. */
function report([first, ...others]: readonly [Change, ...Change[]], lock: Lock): Diagnostic {
  const { origin, object, field, value, intent } = first.field;
  const place = findLockEntry(lock, first.key);
  const related = place ? [{ place, label: "as it stands in the cluster" }] : [];
  const [kind = "", name = ""] = object.split(" ");
  const replace = `take its pods down, \`kubectl delete ${kind.toLowerCase()} ${name}\`, \`plumbline compile --relock ${intent}\``;
  const also = others.map(
    ({ field: { field: other, value: now }, before }) => `and \`${other}\` from ${before} to ${now}`,
  );
  const broken = [first, ...others].find((one) => one.field.neverWorked?.value === one.before)?.field.neverWorked;
  const notes = broken
    ? [...also, `the object that the lock records cannot have worked: ${broken.why}`]
    : [...also, `to replace it: ${replace}`];
  const help = broken
    ? `make it anew: ${replace}`
    : "take the change back, or give the intent another name: then the old and the new one exist side by side";
  return lockRules.diagnose(
    "cannot-change",
    origin,
    { object, field, before: first.before, now: value },
    { related, notes, help },
  );
}
