import { readGuards } from "../model/guards/read-guards.ts";
import { listAt, textAt, textsAt } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";

/** What the admission policies of the output guard, as they are written and bound. */
export interface Guarded {
  /** Resources of pods and their bindings: every way by which a pod gets a network. */
  readonly resources: readonly string[];
  /** How many namespaces of zones. */
  readonly namespaces: number;
}

const ORDER: readonly string[] = ["pods", "pods/ephemeralcontainers", "pods/binding", "bindings", "pods/status"];

/** Undefined where no known policy refuses anything about pods. */
export function guardedBy(model: Model): Guarded | undefined {
  const { guards } = readGuards(model.written);
  const denying = guards.filter((one) => one.denies);
  const bound = new Set(denying.map((one) => textAt(one.manifest.value, "spec", "policyName")));
  const policies = model.written.filter((one) => one.kind === "ValidatingAdmissionPolicy" && bound.has(one.name));
  const matched = new Set(
    policies.flatMap(({ value }) =>
      listAt(value, "spec", "matchConstraints", "resourceRules").flatMap((rule) => textsAt(rule, "resources")),
    ),
  );
  const names = denying.filter((one) => one.role === "zone members" && !one.namespaces.not);
  const namespaces = new Set(names.flatMap((one) => [...one.namespaces.names])).size;
  const resources = ORDER.filter((one) => matched.has(one));
  return resources.length === 0 || namespaces === 0 ? undefined : { resources, namespaces };
}
