import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createFindingCollector } from "../diagnostics/findings.ts";
import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import type { Intent } from "../ir/intent.ts";
import type { Workloads } from "../ir/workload.ts";
import type { IntentReference, Kind } from "../kinds/kind.ts";
import { formatIntentId } from "../kinds/shared/intent-key.ts";
import { checkParty, listPartyReferences } from "../kinds/shared/parties.ts";
import { placeAt } from "../source/place.ts";
import type { Instances } from "./instances.ts";
import { intentRules } from "./intent-rules.ts";

/** Names of intents that have an error of their own: a reference to one is no error. */
export type BrokenNames = Pick<ReadonlySet<string>, "has">;

/** What a text that cannot be read would say: any name may be in it. */
export const matchAnyName: BrokenNames = { has: () => true };

/** Every name must be that of an intent that holds in the same cluster; every kind's own checks are asked here too. */
export function resolveReferences(
  intents: readonly Intent[],
  instances: Instances,
  broken: BrokenNames,
  workloads: Workloads,
  kindOf: (name: string) => Kind,
): readonly Diagnostic[] {
  const known = new Map(intents.map((intent) => [intent.id, intent]));
  const names = new Map<string, string[]>();
  for (const { kind, name } of intents) {
    const list = names.get(kind);
    if (list) list.push(name);
    else names.set(kind, [name]);
  }
  const findings = createFindingCollector();
  for (const [cluster, all] of instances.byCluster) {
    const here = new Set(all.map((instance) => instance.intent.id));
    for (const instance of all) {
      const kind = kindOf(instance.intent.kind);
      findings.add(kind.check(instance));
      const parties = kind.parties(instance);
      for (const party of parties) findings.add(checkParty(party, workloads));
      const references = [...kind.references(instance), ...parties.flatMap(listPartyReferences)];
      for (const reference of references) {
        const id = formatIntentId(reference.kind, reference.name);
        if (here.has(id)) continue;
        if (known.has(id)) findings.add([reportNotInCluster(reference, cluster)]);
        else if (!broken.has(id)) findings.add([reportUnknown(reference, names.get(reference.kind) ?? [])]);
      }
    }
  }
  return [...findings.all(), ...intents.flatMap((intent) => formerNames(intent, known))];
}

function reportUnknown({ kind, name, from }: IntentReference, names: readonly string[]): Diagnostic {
  const notes = names.length > 0 ? [`there are: ${formatList(names)}`] : [`the project has no ${kind}`];
  return intentRules.diagnose(
    "unknown-reference",
    from,
    { kind, name },
    { notes, help: formatSuggestion(name, names) },
  );
}

function reportNotInCluster({ kind, name, from }: IntentReference, cluster: string): Diagnostic {
  return intentRules.diagnose("not-in-cluster", from, { kind, name, cluster });
}

/** A name that another intent has now cannot also be what this one had: the lock would be read twice. */
function formerNames(intent: Intent, known: ReadonlyMap<string, Intent>): Diagnostic[] {
  if (intent.formerName === undefined) return [];
  const other = known.get(formatIntentId(intent.kind, intent.formerName));
  if (!other) return [];
  const related = [{ place: placeAt(other.doc, "metadata", "name"), label: "the other intent" }];
  const place = placeAt(intent.doc, "metadata", "formerName");
  return [intentRules.diagnose("former-name-in-use", place, { name: intent.formerName }, { related })];
}
