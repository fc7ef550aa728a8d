import type { NodePlace } from "../../source/place.ts";
import type { IntentContext } from "../plan-builder.ts";

/** Kinds whose intents may name external networks. */
const NAMING = ["FirewallPair", "VpnEgress", "Expectation", "IsolationZone"];

/** Made once for a cluster: each network is looked up in it. */
const indexes = new WeakMap<IntentContext, ReadonlyMap<string, readonly NodePlace[]>>();

/** Where other intents of a cluster name an external network (`external: NAME`). */
export function findReferencePlaces(name: string, scene: IntentContext): readonly NodePlace[] {
  const known = indexes.get(scene) ?? index(scene);
  indexes.set(scene, known);
  return known.get(name) ?? [];
}

function index(scene: IntentContext): ReadonlyMap<string, readonly NodePlace[]> {
  const places = new Map<string, NodePlace[]>();
  for (const instance of NAMING.flatMap((kind) => scene.all(kind))) {
    const walk = (value: unknown, path: readonly (string | number)[]): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        const here = [...path, Array.isArray(value) ? Number(key) : key];
        if (key !== "external" || typeof inner !== "string") walk(inner, here);
        else {
          const list = places.get(inner);
          if (list) list.push(instance.at(...here));
          else places.set(inner, [instance.at(...here)]);
        }
      }
    };
    walk(instance.spec, []);
  }
  return places;
}
