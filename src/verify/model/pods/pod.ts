import type { NodePlace } from "../../../source/place.ts";
import {
  type Fields,
  formatName,
  isFields,
  locateInManifest,
  type ReadManifest,
  readFields,
  readLabels,
} from "../manifests/manifest.ts";

/** The pods of one workload: all alike. */
export interface Pod {
  /** `Deployment payments/card`. */
  readonly id: string;
  readonly manifest: ReadManifest;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Fields;
  readonly hostNetwork: boolean;
  /** Where its networks are written: a patch, or the workload itself. */
  readonly place: NodePlace;
}

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  VirtualMachine: ["spec", "template"],
  VirtualMachineInstance: [],
  VirtualMachinePool: ["spec", "virtualMachineTemplate", "spec", "template"],
};

/** Where an object keeps its pod template. A kind that is not known makes pods if it has one where Deployments do. */
export function findTemplatePath(manifest: ReadManifest): readonly string[] | undefined {
  if (Object.hasOwn(TEMPLATES, manifest.kind)) return TEMPLATES[manifest.kind];
  const spec = readFields(manifest.value, "spec", "template", "spec");
  const makes = Array.isArray(spec.containers) || (manifest.kind.startsWith("VirtualMachine") && isFields(spec.domain));
  return makes ? ["spec", "template"] : undefined;
}

/** The pods that a manifest makes; undefined for an object that makes none. */
export function readPod(manifest: ReadManifest, patchedAt: ReadonlyMap<string, NodePlace>): Pod | undefined {
  const path = findTemplatePath(manifest);
  if (!path || manifest.name === "") return undefined;
  const template = path.length === 0 ? manifest.value : readFields(manifest.value, ...path);
  if (!isFields(template)) return undefined;
  const spec = readFields(template, "spec");
  const id = formatName(manifest);
  return {
    id,
    manifest,
    namespace: manifest.namespace,
    labels: readLabels(template, "metadata", "labels"),
    annotations: readLabels(template, "metadata", "annotations"),
    spec,
    hostNetwork: spec.hostNetwork === true,
    place: patchedAt.get(id) ?? locateInManifest(manifest, ...path, "metadata", "annotations"),
  };
}
