import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Instance, Intent } from "../ir/intent.ts";
import type { DeriveContext, Kind } from "../kinds/kind.ts";
import type { Instances } from "./instances.ts";

/** All instances, those that are short for several in full; and the intents that came of it. */
export function deriveIntents(
  { byCluster }: Instances,
  scene: DeriveContext,
  kindOf: (name: string) => Kind,
): {
  readonly value: { readonly instances: Instances; readonly intents: readonly Intent[] };
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const intents = new Map<string, Intent>();
  const inFull = (instance: Instance, others: readonly Instance[]): readonly Instance[] => {
    const derived = kindOf(instance.intent.kind).derive?.(instance, others, scene);
    if (!derived) return [instance];
    diagnostics.push(...derived.diagnostics);
    for (const { intent } of derived.instances) if (intent.id !== instance.intent.id) intents.set(intent.id, intent);
    return derived.instances;
  };
  const full = [...byCluster].map(
    ([cluster, list]) => [cluster, list.flatMap((instance) => inFull(instance, list))] as const,
  );
  return { value: { instances: { byCluster: new Map(full) }, intents: [...intents.values()] }, diagnostics };
}
