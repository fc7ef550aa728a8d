import type { Cidr } from "../net/cidr.ts";
import type { SourceDocument } from "../source/place.ts";

export interface Project {
  readonly doc: SourceDocument;
  readonly name: string;
  readonly intents: readonly string[];
  readonly workloads: readonly WorkloadPaths[];
  /** Workloads that no manifest describes: charts and operators make them. */
  readonly declared: readonly DeclaredWorkload[];
  /** Globs of kustomizations; undefined: all below the project's folder. */
  readonly kustomizations: readonly string[] | undefined;
  readonly out: string;
  readonly lock: string;
  readonly templates: string | undefined;
  /** Domains of labels and annotations that templates of the project may add. */
  readonly templateDomains: readonly string[];
  readonly clusters: readonly Cluster[];
  readonly delivery: Delivery;
  /** Codes of losses that the project accepts. */
  readonly allowLoss: readonly string[];
  readonly experimental: boolean;
}

export interface WorkloadPaths {
  readonly paths: readonly string[];
  /** For manifests without a namespace of their own. */
  readonly namespace: string | undefined;
}

/** A workload that no manifest describes. */
export interface DeclaredWorkload {
  readonly namespace: string;
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "CronJob" | "Pod";
  readonly name: string;
  readonly podLabels: Readonly<Record<string, string>>;
  /** The labels by which the workload selects its pods; undefined: nobody says so. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly serviceAccount: string | undefined;
  readonly replicas: number | undefined;
  /** Of a Deployment; undefined: nobody says so. */
  readonly strategy: "Recreate" | "RollingUpdate" | undefined;
  readonly containers: readonly DeclaredContainer[];
  readonly initContainers: readonly DeclaredContainer[];
  readonly ports: readonly DeclaredPort[];
  readonly release: DeclaredRelease | undefined;
}

export interface DeclaredContainer {
  readonly name: string;
  /** Capabilities that it drops already. */
  readonly drop: readonly string[];
}

export interface DeclaredPort {
  readonly name: string | undefined;
  readonly number: number;
  readonly protocol: "tcp" | "udp" | "sctp";
}

/** What makes the workload. */
export interface DeclaredRelease {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export type PatchDelivery = "component" | "rendered" | "serverSideApply" | "admission" | "helmRelease";

export interface Delivery {
  readonly patches: PatchDelivery;
  readonly gitops: "none" | "argocd" | "flux";
  readonly argocd: ArgoCdDelivery;
  readonly flux: FluxDelivery;
}

/** How Argo CD finds the output. */
export interface ArgoCdDelivery {
  /** Undefined: nobody says where the repository is, and a placeholder stands there. */
  readonly repoURL: string | undefined;
  readonly revision: string;
  readonly project: string;
  readonly namespace: string;
  /** From the root of the git repository to the project's folder. */
  readonly pathPrefix: string;
  /** `{cluster}` in them stands for the cluster's name. */
  readonly destination: { readonly name: string } | { readonly server: string };
  /** One ApplicationSet in place of an Application for each cluster. */
  readonly applicationSet: boolean;
}

/** How Flux finds the output. */
export interface FluxDelivery {
  readonly sourceRef: { readonly kind: string; readonly name: string; readonly namespace: string | undefined };
  readonly dependsOn: readonly { readonly name: string; readonly namespace?: string }[];
  readonly pathPrefix: string;
  readonly timeout: string | undefined;
  readonly namespace: string;
}

export interface Cluster {
  readonly name: string;
  readonly index: number;
  readonly target: string;
  readonly platform: Platform;
}

export type Profile = "generic" | "openshift" | "k3s" | "kube-ovn" | "gke";

/** What is installed in a cluster, with every default filled in. */
export interface Platform {
  readonly profile: Profile;
  /** Minor version: 36 for "1.36". */
  readonly kubernetes: number;
  readonly cniVersion: string;
  readonly namespaceIsolation: boolean;
  readonly ipam: "whereabouts" | "host-local" | "static";
  readonly networkResourcesInjector: boolean;
  readonly nmstate: boolean;
  readonly multiNetworkPolicy: MultiNetworkPolicySupport | undefined;
  readonly networkPolicy: boolean;
  readonly appliers: readonly string[];
  readonly networkWriters: readonly string[];
  /** Who may write to pods' status what they are attached to; a name that ends in `:*` is the beginning of many. */
  readonly statusWriters: readonly string[];
  readonly adminPolicy: "none" | "AdminNetworkPolicy" | "ClusterNetworkPolicy";
  readonly podNetwork: PodNetwork;
  readonly dns: ClusterDns;
  readonly apiServer: { readonly cidrs: readonly Cidr[]; readonly port: number };
  readonly dra: DraSupport;
  readonly networkKind: NetworkKindSupport;
  readonly gke: GkeSupport;
  readonly kubeOvn: KubeOvnSupport;
  /** The SecurityContextConstraints that gateways run under (OpenShift). */
  readonly securityContextConstraints: string | undefined;
  /** Sysctls that were added to the nodes' allow-list of the CNI plugin `tuning`; undefined: nobody says so. */
  readonly sysctlAllowlist: readonly string[] | undefined;
  /** Subnets that the platform takes for itself, beside those of pods and Services. */
  readonly taken: readonly TakenSubnet[];
}

export interface TakenSubnet {
  readonly cidr: Cidr;
  /** `join subnet of OVN-Kubernetes`. */
  readonly what: string;
  /** The key that says otherwise: `platform.ovn.joinSubnets`. */
  readonly key: string;
}

export interface MultiNetworkPolicySupport {
  /** CNI types that the installed controller enforces. */
  readonly plugins: readonly string[];
  readonly endPort: boolean;
  readonly acceptIcmp6: boolean;
}

/** The DRA driver that prepares devices. */
export interface DraSupport {
  readonly driver: "dranet" | "sriov";
  /** A DeviceClass that is there already; undefined: one is emitted. */
  readonly deviceClass: string | undefined;
}

/** What of Google's network stands behind the uplinks. */
export interface GkeSupport {
  /** By the uplink's name. */
  readonly networks: ReadonlyMap<string, Vpc>;
}

export interface Vpc {
  readonly vpc: string;
  readonly subnet: string;
  /** Names of the subnet's secondary ranges that pods get addresses from. */
  readonly podRanges: readonly string[];
}

export interface KubeOvnSupport {
  /** The Subnet by which VPCs reach addresses outside; undefined: they do not. */
  readonly externalSubnet: string | undefined;
  /** It is the main network, and NetworkPolicies may say on which networks they hold. */
  readonly policyFor: boolean;
}

/** The implementation of NetworkKind: which DeviceClass its devices are in. */
export interface NetworkKindSupport {
  /** Undefined: one is emitted. */
  readonly deviceClass: string | undefined;
}

export interface PodNetwork {
  readonly cidrs: readonly Cidr[];
  readonly serviceCidrs: readonly Cidr[];
  readonly mtu: number;
  /** Addresses of the nodes, for openings to pods on their network. */
  readonly nodeCidrs: readonly Cidr[];
  /** The CNI gives pods routes to pods, Services and nodes, apart from the default route. */
  readonly eth0Routes: boolean;
}

export interface ClusterDns {
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  /** Node-local caches. */
  readonly cidrs: readonly Cidr[];
}
