import type { Instance } from "../../ir/intent.ts";
import type { IsolationZoneSpec } from "../isolation-zone/types.ts";
import type { IntentContext } from "../plan-builder.ts";

const indexes = new WeakMap<IntentContext["all"], ReadonlyMap<string, Instance<IsolationZoneSpec>>>();

/** The zone that owns a namespace in a cluster; the first by name where two claim it. Made once for a scene. */
export function findZone(
  scene: Pick<IntentContext, "all">,
  namespace: string,
): Instance<IsolationZoneSpec> | undefined {
  let index = indexes.get(scene.all);
  if (!index) {
    const made = new Map<string, Instance<IsolationZoneSpec>>();
    for (const instance of scene.all("IsolationZone") as readonly Instance<IsolationZoneSpec>[])
      for (const name of instance.spec.namespaces) if (!made.has(name)) made.set(name, instance);
    index = made;
    indexes.set(scene.all, index);
  }
  return index.get(namespace);
}
