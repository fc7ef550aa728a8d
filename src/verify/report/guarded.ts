import { readAdmissionPolicies } from "../model/guards/read-policies.ts";
import { readList, readText, readTexts } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";

/** What the admission policies of the output guard, as they are written and bound. */
export interface GuardedScope {
  /** Resources of pods and their bindings: every way by which a pod gets a network. */
  readonly resources: readonly string[];
  /** How many namespaces of zones. */
  readonly namespaces: number;
}

const ORDER: readonly string[] = ["pods", "pods/ephemeralcontainers", "pods/binding", "bindings", "pods/status"];

/** Undefined where no known policy refuses anything about pods. */
export function findGuardedScope(model: Model): GuardedScope | undefined {
  const { guards } = readAdmissionPolicies(model.written);
  const denying = guards.filter((one) => one.denies);
  const bound = new Set(denying.map((one) => readText(one.manifest.value, "spec", "policyName")));
  const policies = model.written.filter((one) => one.kind === "ValidatingAdmissionPolicy" && bound.has(one.name));
  const matched = new Set(
    policies.flatMap(({ value }) =>
      readList(value, "spec", "matchConstraints", "resourceRules").flatMap((rule) => readTexts(rule, "resources")),
    ),
  );
  const names = denying.filter((one) => one.role === "zone members" && !one.namespaces.not);
  const namespaces = new Set(names.flatMap((one) => [...one.namespaces.names])).size;
  const resources = ORDER.filter((one) => matched.has(one));
  return resources.length === 0 || namespaces === 0 ? undefined : { resources, namespaces };
}
