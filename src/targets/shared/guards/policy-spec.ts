/** A part of a ValidatingAdmissionPolicy's spec. */
export type PolicySpec = Readonly<Record<string, unknown>>;

/** ConfigMaps hold the parameters: one value a line, since a line end is in none of them. */
export const paramKind = { apiVersion: "v1", kind: "ConfigMap" };

/** Who takes things away on everybody's behalf: refused, a namespace that is deleted would never be gone. */
export const CLEANERS =
  "['system:serviceaccount:kube-system:namespace-controller', 'system:serviceaccount:kube-system:generic-garbage-collector']";
