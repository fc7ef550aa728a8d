import type { ClusterInput } from "../../expected/expected.ts";
import { readManifests } from "../manifests/read-manifests.ts";
import { type Pod, readPod } from "./pod.ts";

/** The pods of workloads that do not run now. */
export function stoppedPods({ stopped = [] }: ClusterInput): readonly Pod[] {
  return stopped.flatMap(({ file, namespace }) =>
    readManifests([file], namespace).manifests.flatMap((manifest) => readPod(manifest, new Map()) ?? []),
  );
}

/**
 * Pods of another version that no manifest of this one makes. They may still run, so they count as pods of their
 * namespace. Nothing attaches them to a network here: they have the default network alone.
 */
export function findAbsentPods({ other }: ClusterInput, present: readonly Pod[]): readonly Pod[] {
  if (!other) return [];
  const known = new Set(present.map((pod) => pod.id));
  return other.workloads.flatMap(({ file, namespace }) =>
    readManifests([file], namespace).manifests.flatMap((manifest) => {
      const pod = readPod(manifest, new Map());
      if (!pod || known.has(pod.id)) return [];
      known.add(pod.id);
      const { resourceClaims: _claims, ...spec } = pod.spec;
      return [{ ...pod, annotations: {}, spec }];
    }),
  );
}
