import type { Inputs, OutputFile } from "../ir/compiled.ts";
import type { Plan } from "../ir/plan.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Fields } from "../verify/model/manifests/manifest.ts";
import { formatName } from "../verify/model/manifests/manifest.ts";
import { readManifests } from "../verify/model/manifests/read-manifests.ts";
import { readPatches } from "../verify/model/manifests/read-patches.ts";
import { patchWorkloads } from "../verify/model/manifests/workload-patch.ts";
import { readPod } from "../verify/model/pods/pod.ts";
import { listWorkloadFiles } from "../workloads/declared.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import { type ClusterObject, listObjects } from "./object.ts";

/** A manifest of the workloads as it is on one side: with its patch. */
export interface WorkloadState {
  /** `Deployment payments/card`. */
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly value: Fields;
  readonly file: SourceFile;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: number;
  /** Whether it makes pods. */
  readonly runs: boolean;
}

/** One cluster before or after: what is applied there, and what its pods are. */
export interface EndpointState {
  readonly plan: Plan;
  readonly objects: ReadonlyMap<string, ClusterObject>;
  readonly workloads: ReadonlyMap<string, WorkloadState>;
  /** Kustomize components by the workload that they patch; paths are below the cluster's folder. */
  readonly patches: ReadonlyMap<string, OutputFile>;
  readonly handoff: string;
}

/** `files` are those of the cluster, with paths below its folder. */
export function readEndpointState(plan: Plan, files: readonly OutputFile[], inputs: Inputs): EndpointState {
  const components = files.filter((file) => file.path.startsWith("patches/"));
  const patches = new Map<string, OutputFile>();
  const manifests = listWorkloadFiles(inputs).flatMap(
    (one) => readManifests([one.file], one.namespace, undefined, one.placed).manifests,
  );
  const releases = new Map(
    manifests.filter((one) => one.kind === "HelmRelease").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  const read = components.flatMap((file) => {
    const { patches: found } = readPatches(readManifests([file]).manifests, releases);
    for (const one of found) patches.set(formatName(one), file);
    return found;
  });
  const patched = patchWorkloads(manifests, read).workloads;
  const workloads = patched.map((one, index): WorkloadState => {
    const pod = readPod(one, new Map());
    const replicas = (one.value.spec as { replicas?: unknown } | undefined)?.replicas;
    return {
      id: formatName(one),
      kind: one.kind,
      namespace: one.namespace,
      name: one.name,
      value: one.value,
      file: { path: `workloads/${index}.yaml`, text: emitYaml(one.value) },
      labels: pod?.labels ?? {},
      replicas: typeof replicas === "number" ? replicas : 1,
      runs: pod !== undefined,
    };
  });
  return {
    plan,
    objects: new Map(listObjects(files).map((one) => [one.id, one])),
    workloads: new Map(workloads.map((one) => [one.id, one])),
    patches,
    handoff: files.find((file) => file.path === "handoff.md")?.text ?? "",
  };
}
