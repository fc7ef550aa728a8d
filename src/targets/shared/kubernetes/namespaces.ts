import type { Manifest } from "../../../ir/manifest.ts";
import type { PlannedNamespace } from "../../../ir/plan.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "./metadata.ts";

/** Namespaces that are ours to make, with the labels that a platform wants on them from the start. NET_ADMIN is outside the baseline, so a gateway's is privileged. */
export function buildNamespaces(
  planned: readonly PlannedNamespace[],
  labels: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(),
): readonly Manifest[] {
  return planned
    .filter((one) => one.manage)
    .map((one) =>
      buildManifest(
        {
          apiVersion: "v1",
          kind: "Namespace",
          template: "kubernetes/plain-object",
          file: formatIntentPath(one.role, one.intent),
        },
        {
          name: one.name,
          wave: SYNC_WAVES.namespace,
          labels: {
            ...(one.role !== "zone" && { "pod-security.kubernetes.io/enforce": "privileged" }),
            ...labels.get(one.name),
          },
          // Removing an intent must not remove a namespace and all that is in it.
          annotations: { "argocd.argoproj.io/sync-options": "Prune=false" },
        },
        one,
        {},
      ),
    );
}
