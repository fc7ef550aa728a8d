import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import { verifyRules } from "../rules.ts";

/** Networks that no manifest describes, with pods of several zones: whether they lead from one to the other nobody can say. */
export function checkUnknownLinks(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const first = new Map<string, { readonly zone: string; readonly node: Node }>();
  const found = new Map<string, Diagnostic>();
  for (const node of model.nodes) {
    const zone = watch.zones.get(node.namespace);
    if (!zone || !node.place) continue;
    for (const { domain, type, network } of node.interfaces) {
      if (type !== "attachment" || network || found.has(domain)) continue;
      const before = first.get(domain);
      if (!before) first.set(domain, { zone: zone.id, node });
      else if (before.zone !== zone.id) {
        const related = before.node.place ? [{ place: before.node.place, label: "the other one" }] : [];
        const parameters = { pod: node.id, other: before.node.id, domain };
        found.set(domain, verifyRules.diagnose("unknown-between", node.place, parameters, { related }));
      }
    }
  }
  return [...found.values()];
}
