import type { CommonSpec, Instance } from "../../../ir/intent.ts";
import type { WorkloadRef } from "../../../ir/workload.ts";
import { placeAt } from "../../../source/place.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import type { PlanBuilder } from "../../plan-builder.ts";
import { isSystemNamespace } from "../system-namespace.ts";
import { findZone } from "../zone-index.ts";
import { gatewayRules } from "./rules.ts";

/** Where a gateway may stand: in one cluster of its Fabric, in a namespace of its own. */
export function checkPlacement(instance: Instance<Standing>, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const place = instance.at("namespace");
  if (plan.neighbours.length > 1 && spec.clusters?.filter((name) => plan.neighbours.includes(name)).length !== 1) {
    const clusters = plan.neighbours.join(", ");
    const where = instance.at(...(spec.clusters ? ["clusters"] : []));
    const help = `write \`clusters: [${plan.neighbours[0]}]\`; members in the others route to it`;
    plan.report(gatewayRules.diagnose("one-cluster", where, { kind: intent.kind, clusters }, { help }));
  }
  checkNamespace(instance, plan);
  const zone = findZone(plan, spec.namespace);
  if (zone) {
    const related = [{ place: zone.at("namespaces"), label: "the zone's namespaces" }];
    plan.report(
      gatewayRules.diagnose(
        "namespace-in-zone",
        place,
        { namespace: spec.namespace, zone: zone.intent.name },
        { related },
      ),
    );
  }
  const first = firstIn(plan, spec.namespace);
  if (first && first !== instance) {
    const related = [{ place: first.at("namespace"), label: "the other gateway" }];
    plan.report(
      gatewayRules.diagnose(
        "namespace-shared",
        place,
        { namespace: spec.namespace, other: first.intent.id },
        { related },
      ),
    );
  }
}

interface Standing extends CommonSpec {
  readonly namespace: string;
  readonly adopt?: readonly WorkloadRef[];
}

/** The policies and guards of a gateway are for its whole namespace: nobody else may live there. */
function checkNamespace(instance: Instance<Standing>, plan: PlanBuilder): void {
  const { namespace, adopt = [] } = instance.spec;
  const place = instance.at("namespace");
  if (isSystemNamespace(namespace)) {
    plan.report(gatewayRules.diagnose("system-namespace", place, { namespace }));
    return;
  }
  if (findZone(plan, namespace)) return;
  const other = plan.workloads
    .inNamespace(namespace)
    .find((one) => !adopt.some((ref) => ref.kind === one.kind && ref.name === one.name && ref.namespace === namespace));
  if (!other) return;
  const related = [
    { place: placeAt(other.doc, ...other.templatePath.slice(0, -2), "metadata", "name"), label: "runs here" },
  ];
  plan.report(
    gatewayRules.diagnose("namespace-in-use", place, { namespace, ref: formatDisplayName(other) }, { related }),
  );
}

const byNamespace = new WeakMap<PlanBuilder["all"], ReadonlyMap<string, Instance>>();

/** The first gateway of a namespace. The index is made once for a cluster. */
function firstIn(plan: PlanBuilder, namespace: string): Instance | undefined {
  let index = byNamespace.get(plan.all);
  if (!index) {
    const made = new Map<string, Instance>();
    for (const one of [...plan.all("FirewallPair"), ...plan.all("VpnEgress")]) {
      const name = (one.spec as { namespace: string }).namespace;
      if (!made.has(name)) made.set(name, one);
    }
    index = made;
    byNamespace.set(plan.all, index);
  }
  return index.get(namespace);
}
