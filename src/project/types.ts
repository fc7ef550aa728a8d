import type {
  ArgoCdDelivery,
  Cni,
  DeclaredRelease,
  DeclaredWorkload,
  Defaults,
  Delivery,
  FluxDelivery,
  Profile,
} from "../ir/project.ts";

/** plumbline.yaml's spec as written: nothing filled in. */
export interface ProjectSpec {
  readonly intents?: readonly string[];
  readonly workloads?: readonly (string | { readonly paths: readonly string[]; readonly namespace?: string })[];
  readonly requires?: string;
  readonly declared?: readonly DeclaredSpec[];
  readonly kustomizations?: readonly string[];
  readonly out?: string;
  readonly lock?: string;
  readonly templates?: string;
  readonly templateDomains?: readonly string[];
  readonly clusters: readonly { readonly name: string; readonly target?: string; readonly platform?: PlatformSpec }[];
  readonly delivery?: DeliverySpec;
  readonly defaults?: { readonly images?: Defaults["images"] };
  readonly allowLoss?: readonly string[];
  readonly experimental?: boolean;
}

/** A workload that charts or operators make. */
export interface DeclaredSpec extends Pick<DeclaredWorkload, "namespace" | "kind" | "name" | "podLabels"> {
  readonly selector?: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
  readonly replicas?: number;
  readonly strategy?: DeclaredWorkload["strategy"];
  readonly containers?: readonly (string | { readonly name: string; readonly drop?: readonly string[] })[];
  readonly initContainers?: DeclaredSpec["containers"];
  readonly ports?: readonly { readonly name?: string; readonly port: string }[];
  readonly release?: DeclaredRelease;
}

export interface DeliverySpec extends Partial<Pick<Delivery, "patches" | "gitops">> {
  readonly argocd?: Partial<Omit<ArgoCdDelivery, "destination">> & {
    readonly destination?: { readonly name?: string; readonly server?: string };
  };
  readonly flux?: Partial<Omit<FluxDelivery, "sourceRef">> & {
    readonly sourceRef?: { readonly kind?: string; readonly name?: string; readonly namespace?: string };
  };
}

export interface PlatformSpec {
  readonly profile?: Profile;
  readonly kubernetes?: string;
  readonly cniVersion?: string;
  readonly cni?: Cni;
  readonly namespaceIsolation?: boolean;
  readonly ipam?: "whereabouts" | "host-local" | "static";
  readonly networkResourcesInjector?: boolean;
  readonly nmstate?: boolean;
  readonly multiNetworkPolicy?: {
    readonly plugins?: readonly string[];
    readonly endPort?: boolean;
    readonly acceptIcmp6?: boolean;
  };
  readonly networkPolicy?: boolean;
  readonly appliers?: readonly string[];
  readonly networkWriters?: readonly string[];
  readonly statusWriters?: readonly string[];
  readonly adminPolicy?: "none" | "AdminNetworkPolicy" | "ClusterNetworkPolicy";
  readonly podNetwork?: {
    readonly cidrs?: readonly string[];
    readonly serviceCidrs?: readonly string[];
    readonly mtu?: number;
    readonly nodeCidrs?: readonly string[];
    readonly eth0Routes?: boolean;
  };
  readonly dns?: {
    readonly namespace?: string;
    readonly podLabels?: Readonly<Record<string, string>>;
    readonly ports?: readonly number[];
    readonly cidrs?: readonly string[];
  };
  readonly apiServer?: { readonly cidrs?: readonly string[]; readonly port?: number };
  readonly dra?: { readonly driver?: "dranet" | "sriov"; readonly deviceClass?: string };
  readonly gke?: {
    readonly networks?: Readonly<
      Record<string, { readonly vpc: string; readonly subnet: string; readonly podRanges?: readonly string[] }>
    >;
  };
  readonly kubeOvn?: {
    readonly externalSubnet?: string;
    readonly policyFor?: boolean;
    readonly joinSubnets?: readonly string[];
  };
  readonly ovn?: {
    readonly joinSubnets?: readonly string[];
    readonly transitSubnets?: readonly string[];
    readonly masqueradeSubnets?: readonly string[];
    readonly udnJoinSubnets?: readonly string[];
  };
  readonly networkKind?: { readonly deviceClass?: string };
  readonly securityContextConstraints?: string;
  readonly sysctlAllowlist?: readonly string[];
}
