import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExternalDevices } from "../../ir/expects.ts";
import type { Platform } from "../../ir/project.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { ClusterInput } from "../expected/expected.ts";
import type { ReadManifest } from "./manifests/manifest.ts";
import type { UnreadObject } from "./manifests/unread-kinds.ts";
import type { AttachableNetwork } from "./networks/network.ts";
import type { Interface, Node } from "./pods/node.ts";
import type { Pod } from "./pods/pod.ts";
import type { AdminPolicy } from "./policies/admin-policy.ts";
import type { EgressFirewall } from "./policies/egress-firewall.ts";
import type { MultiPolicy } from "./policies/multi-network-policy.ts";
import type { PodPolicy } from "./policies/pod-policy.ts";
import type { Labels } from "./policies/selector.ts";

/** A cluster as its manifests say it will be. */
export interface Model {
  readonly cluster: string;
  readonly platform: Platform;
  readonly networks: readonly AttachableNetwork[];
  readonly nodes: readonly Node[];
  readonly domains: ReadonlyMap<string, readonly DomainMember[]>;
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly policies: Policies;
  readonly externals: readonly ExternalDevices[];
  /** Services, Ingresses and the like that lead to pods. */
  readonly entries: readonly ReadManifest[];
  /** What nobody reads here, and changes what pods are or may do. */
  readonly unread: readonly UnreadObject[];
  /** Every object below out/, but for parts of workloads. */
  readonly written: readonly ReadManifest[];
  /** Parts of workloads that are applied beside their owners. */
  readonly parts: readonly ReadManifest[];
  /** Texts below out/ that hold objects, by path. */
  readonly paths: ReadonlyMap<string, SourceFile>;
  /** What makes links on the nodes, whoever wrote it. */
  readonly nodePolicies: readonly ReadManifest[];
  /** The pods of every workload, as they are once they are created. */
  readonly pods: readonly Pod[];
  /** Pods as they were before anything was written, where they name networks of their own. */
  readonly before: ReadonlyMap<string, Pod>;
  /** Workloads that are changed here, or written here as a whole. */
  readonly changed: ReadonlySet<string>;
  /** Objects of the project's manifests that a kustomization changes in ways that are not followed, each with what changes it. */
  readonly rebuilt: readonly { readonly by: string; readonly manifest: ReadManifest }[];
}

/** A node on a layer-2 domain. */
export interface DomainMember {
  readonly node: Node;
  readonly interface: Interface;
}

export interface Policies {
  /** By namespace. */
  readonly pod: ReadonlyMap<string, readonly PodPolicy[]>;
  /** In the order they are asked. */
  readonly admin: readonly AdminPolicy[];
  readonly baseline: readonly AdminPolicy[];
  /** What namespaces may send out of the cluster, where the platform has a word for it. */
  readonly egress: ReadonlyMap<string, EgressFirewall>;
  /** By namespace and network: `payments/zone-pci`. */
  readonly multi: ReadonlyMap<string, readonly MultiPolicy[]>;
}

export interface BuiltModel {
  readonly model: Model;
  readonly diagnostics: readonly Diagnostic[];
  /** Those of texts of the output that cannot be read: the model lacks what is in them. */
  readonly unread: readonly Diagnostic[];
}

export type { ClusterInput };
