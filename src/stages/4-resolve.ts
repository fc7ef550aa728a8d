import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createFindings } from "../diagnostics/findings.ts";
import { didYouMean, listed } from "../diagnostics/suggest.ts";
import type { Intent } from "../ir/intent.ts";
import type { Workloads } from "../ir/workload.ts";
import type { Kind, Reference } from "../kinds/kind.ts";
import { intentKey } from "../kinds/shared/intent-key.ts";
import { checkParty, partyReferences } from "../kinds/shared/parties.ts";
import { at } from "../source/place.ts";
import type { Instances } from "./instances.ts";
import { intentRules } from "./intent-rules.ts";

/** Names of intents that have an error of their own: a reference to one is no error. */
export type Broken = Pick<ReadonlySet<string>, "has">;

/** What a text that cannot be read would say: any name may be in it. */
export const anyName: Broken = { has: () => true };

/** Every name must be that of an intent that holds in the same cluster; every kind's own checks are asked here too. */
export function resolve(
  intents: readonly Intent[],
  instances: Instances,
  broken: Broken,
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
  const findings = createFindings();
  for (const [cluster, all] of instances.byCluster) {
    const here = new Set(all.map((instance) => instance.intent.id));
    for (const instance of all) {
      const kind = kindOf(instance.intent.kind);
      findings.add(kind.check(instance));
      const parties = kind.parties(instance);
      for (const party of parties) findings.add(checkParty(party, workloads));
      const references = [...kind.references(instance), ...parties.flatMap(partyReferences)];
      for (const reference of references) {
        const id = intentKey(reference.kind, reference.name);
        if (here.has(id)) continue;
        if (known.has(id)) findings.add([notHere(reference, cluster)]);
        else if (!broken.has(id)) findings.add([unknown(reference, names.get(reference.kind) ?? [])]);
      }
    }
  }
  return [...findings.all(), ...intents.flatMap((intent) => formerNames(intent, known))];
}

function unknown({ kind, name, from }: Reference, names: readonly string[]): Diagnostic {
  const notes = names.length > 0 ? [`there are: ${listed(names)}`] : [`the project has no ${kind}`];
  return intentRules.diagnose("unknown-reference", from, { kind, name }, { notes, help: didYouMean(name, names) });
}

function notHere({ kind, name, from }: Reference, cluster: string): Diagnostic {
  return intentRules.diagnose("not-in-cluster", from, { kind, name, cluster });
}

/** A name that another intent has now cannot also be what this one had: the lock would be read twice. */
function formerNames(intent: Intent, known: ReadonlyMap<string, Intent>): Diagnostic[] {
  if (intent.formerName === undefined) return [];
  const other = known.get(intentKey(intent.kind, intent.formerName));
  if (!other) return [];
  const related = [{ place: at(other.doc, "metadata", "name"), label: "the other intent" }];
  const place = at(intent.doc, "metadata", "formerName");
  return [intentRules.diagnose("former-name-in-use", place, { name: intent.formerName }, { related })];
}
