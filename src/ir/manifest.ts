import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Place } from "../source/place.ts";
import type { Attach, Handoff, Network } from "./plan.ts";
import type { Workload, WorkloadRef } from "./workload.ts";

/** Labels and annotations that every object carries, with its name. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One object to be written: what it is, and which template spells it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  /** `isolationzone/pci`; undefined for what serves all intents of a cluster. */
  readonly intent: string | undefined;
  readonly origin: Place | undefined;
  /** Relative to the cluster's folder: `zones/pci.yaml`. */
  readonly file: string;
  /** Relative to templates/, without ending: `multus/network-attachment-definition`. */
  readonly template: string;
  /** What the template spells besides apiVersion, kind and metadata. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Rendered first; the object's template finds them as `files`. */
  readonly parts?: Readonly<Record<string, Part>>;
}

/** A file inside an object, spelt by a template of its own: a script or configuration in a ConfigMap. */
export interface Part {
  readonly template: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An interface of a virtual machine. */
export interface GuestInterface {
  readonly name: string;
  readonly network: string;
  readonly mac?: string;
  /** How the guest has it: behind a bridge, or as a device that KubeVirt itself asks for. */
  readonly binding: "bridge" | "sriov";
}

/** A pod template's change, in no delivery's words. */
export interface PodPatch {
  readonly workload: Workload;
  readonly intents: readonly string[];
  readonly origin: Place;
  readonly annotations: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly resolvers: readonly string[];
  /** Device requests by resource name, for the first container. */
  readonly devices: Readonly<Record<string, number>>;
  /** Whether every container shall drop NET_RAW, besides what it drops already. */
  readonly dropsRaw?: boolean;
  /** Claims of the pod (`spec.resourceClaims`), which the first container names too where it must. */
  readonly claims: readonly PodClaim[];
  /** KubeVirt: networks and interfaces to append. */
  readonly virtual: readonly GuestInterface[];
  /** Whole values of the networks annotation by ordinal, where each pod of a StatefulSet has its own. */
  readonly perPod?: readonly string[];
  /** Whole values of the networks annotation that admission may see on pods of this workload. */
  readonly admits: readonly string[];
}

export interface AttachmentPolicy {
  /** Keys of annotations; one that begins with `.` is the ending of many. */
  readonly keys: readonly string[];
  /** Names of the networks, as values name them. */
  readonly names: readonly string[];
  /** What pods that no patch is for may say besides: `namespace key=value`. */
  readonly allowed?: readonly string[];
}

/** A claim that each pod gets its own of, from a ResourceClaimTemplate of its namespace. */
export interface PodClaim {
  readonly name: string;
  readonly template: string;
  /** Whether a container must name it too (`resources.claims`), for drivers that prepare containers. */
  readonly inContainer: boolean;
}

/** A field that an API server takes once and never again: another value needs another object. */
export interface ImmutableField {
  readonly intent: string;
  /** The line of the intent that decides it. */
  readonly origin: Place;
  /** `ClusterUserDefinedNetwork zone-pci`. */
  readonly object: string;
  /** `vlan`; unique for the intent. */
  readonly field: string;
  readonly value: string;
  /** A value that was written before, and with which the object cannot have worked. */
  readonly neverWorked?: { readonly value: string; readonly why: string } | undefined;
}

/** An interface of the pods of a workload, or of a gateway's member. */
export interface PodInterface {
  readonly workload: WorkloadRef;
  readonly network: Network;
  readonly variant: string;
  /** Where the variant stands that the pod names. */
  readonly namespace: string;
  readonly interface: string;
}

/** What a platform has for an interface of a pod. */
export interface InterfaceManifests {
  /** The object that is the network; with claims on devices, their class. */
  readonly object: ObjectRef;
  /** What makes the interface: a CNI plugin on a link, a device that moves, or the platform itself. */
  readonly attach: Attach | "device" | "vpc";
  /** The claim that gives a pod the interface, as the pod calls it, and the template that it is made from. */
  readonly claim?: { readonly name: string; readonly template: string };
  /** The resource that the pod asks for, or the device that moves into it. */
  readonly device?: string;
  /** In place of the pod's default network; then it has a name of the platform's. */
  readonly main?: { readonly interface: string };
}

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** What a target makes of a plan. */
export interface LoweredObjects {
  readonly manifests: readonly Manifest[];
  readonly patches: readonly PodPatch[];
  /** How the platform attaches pods by annotations of its own: guards let in only what was emitted. */
  readonly attaching?: AttachmentPolicy;
  /** DeviceClasses whose devices are links of networks: only the platform may write claims on them. */
  readonly deviceClasses?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** What an interface of a pod is there, for the inventory; a target without it says nothing of objects. */
  objectsOf?(one: PodInterface): InterfaceManifests;
  /** What the next compile must find unchanged. */
  readonly fixed?: readonly ImmutableField[];
  /** What the networks need of the nodes, where that is not the links that CNI plugins sit on. */
  readonly links?: readonly Handoff[];
}
