import type { Manifest } from "../../ir/manifest.ts";
import type { PlannedNamespace } from "../../ir/plan.ts";
import { fileOf, manifest, waves } from "./metadata.ts";

/** Namespaces that are ours to make. NET_ADMIN is outside the baseline, so a gateway's is privileged. */
export function namespaces(planned: readonly PlannedNamespace[]): readonly Manifest[] {
  return planned
    .filter((one) => one.manage)
    .map((one) =>
      manifest(
        {
          apiVersion: "v1",
          kind: "Namespace",
          template: "kubernetes/plain-object",
          file: fileOf(one.role, one.intent),
        },
        {
          name: one.name,
          wave: waves.namespace,
          ...(one.role !== "zone" && { labels: { "pod-security.kubernetes.io/enforce": "privileged" } }),
          // Removing an intent must not remove a namespace and all that is in it.
          annotations: { "argocd.argoproj.io/sync-options": "Prune=false" },
        },
        one,
        {},
      ),
    );
}
