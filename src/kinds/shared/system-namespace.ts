/** Namespaces of the guards' own parameters. */
const OURS = "plumbline-guards";

/**
 * What a namespace that belongs to the cluster is there for: closed, it would take the cluster's own pods with it; and
 * networks in `default` may be named from everywhere even under Multus' namespace isolation.
 */
export function isSystemNamespace(name: string): boolean {
  return name === "default" || name === OURS || name === "openshift" || /^(kube|openshift)-/.test(name);
}
