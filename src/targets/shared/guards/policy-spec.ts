/** A part of a ValidatingAdmissionPolicy's spec. */
export type PolicySpec = Readonly<Record<string, unknown>>;

/** ConfigMaps hold the parameters: one value a line, since a line end is in none of them. */
export const paramKind = { apiVersion: "v1", kind: "ConfigMap" };

/** Who takes things away on everybody's behalf: refused, a namespace that is deleted would never be gone. */
export const CLEANUP_ACCOUNTS =
  "['system:serviceaccount:kube-system:namespace-controller', 'system:serviceaccount:kube-system:generic-garbage-collector']";

/** What the API server fills in where a policy or a binding says which objects it is for: written, GitOps sees no drift. */
const FILLED_IN: PolicySpec = { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} };

/** The requests that a policy looks at. */
export function matchRequests(...rules: readonly PolicySpec[]): PolicySpec {
  return { ...FILLED_IN, resourceRules: rules.map((rule) => ({ ...rule, scope: "*" })) };
}

/** The objects that a binding is for. */
export function matchObjects(selectors: PolicySpec): PolicySpec {
  return { ...FILLED_IN, ...selectors };
}

/** Writes of core objects. */
export function matchCoreWrites(operations: readonly string[], ...resources: readonly string[]): PolicySpec {
  return { apiGroups: [""], apiVersions: ["v1"], operations, resources };
}
