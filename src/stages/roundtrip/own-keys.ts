/**
 * Whether a template may add a label or annotation. Keys with a domain belong to whoever owns the domain, and programs act
 * upon them: an applier leaves an object out, a CNI reads another device. So only keys without a domain, those that
 * describe an application, and those of domains that the project names.
 */
export function mayBeAdded(
  kind: string,
  which: "labels" | "annotations",
  key: string,
  domains: readonly string[],
): boolean {
  // Policies of others select namespaces by their labels.
  if (kind === "Namespace" && which === "labels") return false;
  const [domain, name] = key.split("/");
  if (name === undefined) return true;
  return key !== "app.kubernetes.io/managed-by" && (domain === "app.kubernetes.io" || domains.includes(domain ?? ""));
}
