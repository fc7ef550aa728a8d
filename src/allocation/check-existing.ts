import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { networkRules } from "./network-rules.ts";
import type { PlacedRequest } from "./segment-state.ts";

/** An object stands for one network: two that take it over would write it twice. */
export function checkExistingObjects(placed: readonly PlacedRequest[], found: Diagnostic[]): void {
  const owners = new Map<string, { readonly placed: PlacedRequest; readonly index: number }>();
  for (const one of placed)
    for (const [index, { namespace, name }] of (one.request.spec.existing?.objects ?? []).entries()) {
      const key = `${one.cluster.name} ${namespace}/${name}`;
      const first = owners.get(key);
      if (!first) owners.set(key, { placed: one, index });
      else {
        const place = first.placed.request.at("existing", "objects", first.index);
        const related = [{ place, label: "the first one" }];
        const parameters = { object: `${namespace}/${name}`, other: first.placed.request.id };
        found.push(
          networkRules.diagnose("existing-twice", one.request.at("existing", "objects", index), parameters, {
            related,
          }),
        );
      }
    }
}
