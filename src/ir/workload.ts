import type { Path, SourceDocument } from "../source/place.ts";

/** Stands for the kind of a reference that names none and that no known workload answers to. */
export const UNKNOWN_KIND = "workload";

/** Names a workload within a cluster. */
export interface WorkloadRef {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

/** A network that a pod template names already, by hand. */
export interface PresentAttachment {
  readonly name: string;
  readonly namespace: string;
  /** As written, or `netN` by its index: Multus counts every element, named or not. */
  readonly interface: string;
  /** The element as it stands, for the JSON form. */
  readonly element: Readonly<Record<string, unknown>>;
}

/** A workload that the compiler read and will never write. */
export interface Workload extends WorkloadRef {
  readonly doc: SourceDocument;
  readonly apiVersion: string;
  /** Whether the file names the namespace itself, or the project gave it. */
  readonly ownNamespace: boolean;
  /** The namespace that the file names, where a kustomization puts the workload into another one. */
  readonly writtenNamespace?: string;
  /** The namespace that the file or plumbline.yaml names, where a kustomization puts the workload into another one. */
  readonly movedFrom?: string;
  /** Path of the pod template's (or the pod's) metadata and spec: `["spec", "template"]`, or `[]` for a Pod. */
  readonly templatePath: Path;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
  /** Pods that may exist at once: replicas plus surge; undefined where nodes decide (DaemonSet). */
  readonly pods: number | undefined;
  readonly replicas: number | undefined;
  /** Whether a rollout runs an old and a new pod at once. */
  readonly surges: boolean;
  readonly present: readonly PresentAttachment[];
  /** How the present annotation is spelt; undefined when there is none. */
  readonly presentForm: "short" | "json" | undefined;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly containers: readonly string[];
  /** As its pods have it: `default` where none is named. */
  readonly serviceAccount: string;
  /** The labels by which it selects its pods, which cannot change; empty where it has no such selector. */
  readonly selector: Readonly<Record<string, string>>;
  /** No manifest describes it: plumbline.yaml declares it. */
  readonly declared?: {
    readonly release: Release | undefined;
    /** Whether it is known how a rollout replaces its pods. */
    readonly knowsRollout: boolean;
  };
}

/** What makes a workload: a HelmRelease, an Argo CD Application, an operator's object. */
export interface Release {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** An object by which a chart is installed. */
export interface ReleaseObject extends Release {
  readonly doc: SourceDocument;
  readonly path: Path;
  readonly apiVersion: string;
  /** Whether the file names the namespace itself. */
  readonly ownNamespace: boolean;
  /** The namespace that the file names, where a kustomization puts the object into another one. */
  readonly writtenNamespace?: string;
  /** Where its pods are. */
  readonly targetNamespace: string;
}

/** Something that makes pods and is no workload to name: an unknown kind, or an object without a name of its own. */
export interface UnnamedPods extends WorkloadRef {
  readonly doc: SourceDocument;
  readonly path: Path;
  /** Whether it has a name; else it is `generateName`'s. */
  readonly named: boolean;
  /** A chart or an operator makes the pods, so that they can be declared. */
  readonly release?: ReleaseObject;
}

/** The manifests that the project knows. */
export interface Workloads {
  /** Sorted by full name. */
  readonly all: readonly Workload[];
  find(ref: WorkloadRef): Workload | undefined;
  inNamespace(namespace: string): readonly Workload[];
  unreadIn(namespace: string): readonly UnnamedPods[];
  /** The objects by which charts are installed. */
  release(ref: Release): ReleaseObject | undefined;
}
