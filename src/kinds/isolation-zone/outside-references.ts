import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import type { PresentAttachment, Workload, Workloads } from "../../ir/workload.ts";
import { placeAt } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { NETWORKS_ANNOTATION } from "../../workloads/network-annotation.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { zoneRules } from "./rules.ts";
import type { IsolationZoneSpec } from "./types.ts";

interface Named {
  readonly workload: Workload;
  readonly network: PresentAttachment;
}

const indexes = new WeakMap<Workloads, ReadonlyMap<string, readonly Named[]>>();

/** Workloads that name networks of other namespaces by hand, by the namespace that they name. Made once. */
function findReferences(workloads: Workloads, namespace: string): readonly Named[] {
  let index = indexes.get(workloads);
  if (!index) {
    const made = new Map<string, Named[]>();
    for (const workload of workloads.all)
      for (const network of workload.present)
        if (network.namespace !== workload.namespace) pushTo(made, network.namespace, { workload, network });
    index = made;
    indexes.set(workloads, index);
  }
  return index.get(namespace) ?? [];
}

/** A way into the zone that no intent knows: a network of its namespaces, named by hand from somewhere else. */
export function checkOutsideReferences(
  instance: Instance<IsolationZoneSpec>,
  plan: PlanBuilder,
): readonly Diagnostic[] {
  const own = new Set(instance.spec.namespaces);
  const related = [{ place: instance.at("namespaces"), label: "the zone's namespaces" }];
  return [...own].flatMap((namespace) =>
    findReferences(plan.workloads, namespace)
      .filter(({ workload }) => !own.has(workload.namespace))
      .map(({ workload, network }) => {
        const place = placeAt(workload.doc, ...workload.templatePath, "metadata", "annotations", NETWORKS_ANNOTATION);
        const parameters = {
          ref: formatDisplayName(workload),
          network: `${network.namespace}/${network.name}`,
          zone: instance.intent.name,
        };
        return zoneRules.diagnose("named-from-outside", place, parameters, { related });
      }),
  );
}
