import { type ReadManifest, readFields } from "../model/manifests/manifest.ts";

/** Keys of appliers' own domains that change nothing of what is applied: those that they write themselves, and an order. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  "argocd.argoproj.io": ["sync-wave", "tracking-id", "instance", "compare-options"],
  "kustomize.toolkit.fluxcd.io": ["name", "namespace"],
  "helm.sh": ["chart"],
  "kapp.k14s.io": ["app", "association", "change-group", "change-rule"],
  "config.kubernetes.io": ["depends-on"],
  "config.k8s.io": ["id"],
  "internal.config.kubernetes.io": [],
  "kustomize.config.k8s.io": [],
  "client.lifecycle.config.k8s.io": [],
  "cli-utils.sigs.k8s.io": [],
  "configmanagement.gke.io": [],
};

/** What stands on parts of workloads, so that an applier does not take the whole for its own. */
const ON_PARTS: Readonly<Record<string, string>> = {
  "argocd.argoproj.io/sync-options": "ServerSideApply=true,Validate=false,Prune=false,Delete=false",
  "kustomize.toolkit.fluxcd.io/ssa": "Merge",
  "kustomize.toolkit.fluxcd.io/prune": "disabled",
};
const ON_NAMESPACES: Readonly<Record<string, string>> = { "argocd.argoproj.io/sync-options": "Prune=false" };
const NOTHING: Readonly<Record<string, string>> = {};

/** A key by which an applier leaves an object out, deletes it again, or applies it in another way; Flux asks labels too. */
export interface NotAppliedMark {
  readonly key: string;
  readonly which: "annotations" | "labels";
}

export function findNotAppliedMark({ value, kind }: ReadManifest, isPart: boolean): NotAppliedMark | undefined {
  const known = isPart ? ON_PARTS : kind === "Namespace" ? ON_NAMESPACES : NOTHING;
  for (const which of ["annotations", "labels"] as const) {
    const all = readFields(value, "metadata", which);
    for (const key of Object.keys(all)) {
      const slash = key.indexOf("/");
      const domain = key.slice(0, slash);
      if (slash < 0 || !Object.hasOwn(HARMLESS, domain) || HARMLESS[domain]?.includes(key.slice(slash + 1))) continue;
      if (which === "labels" || !Object.hasOwn(known, key) || all[key] !== known[key]) return { key, which };
    }
  }
  return undefined;
}
