import type { Cni } from "../ir/project.ts";

/** What a distribution sets when the project is silent. Sources: facts of each distribution's defaults, 2026-11. */
export interface ProfileDefaults {
  readonly cni?: Cni;
  readonly cidrs: readonly string[];
  readonly serviceCidrs: readonly string[];
  readonly mtu: number;
  readonly namespaceIsolation: boolean;
  readonly networkResourcesInjector: boolean;
  readonly adminPolicy: "none" | "AdminNetworkPolicy" | "ClusterNetworkPolicy";
  readonly dnsNamespace: string;
  readonly dnsLabels: Readonly<Record<string, string>>;
  readonly dnsPort: number;
  readonly securityContextConstraints?: string;
  /** Users that write to pods' status what they are attached to, by the names that their own manifests give them. */
  readonly statusWriters: readonly string[];
}

const accounts = (namespace: string, ...names: readonly string[]) =>
  names.map((name) => `system:serviceaccount:${namespace}:${name}`);

/** Multus' own manifests, and its certificates for each node. */
const MULTUS = [...accounts("kube-system", "multus"), "system:multus:*"];
const KUBE_OVN = accounts("kube-system", "kube-ovn-app", "kube-ovn-cni", "ovn");
const OVN_KUBERNETES = [
  ...accounts("ovn-kubernetes", "ovnkube-cluster-manager", "ovnkube-master", "ovnkube-node"),
  "system:ovn-node:*",
];

const generic: ProfileDefaults = {
  cidrs: ["10.244.0.0/16"],
  serviceCidrs: ["10.96.0.0/12"],
  mtu: 1500,
  namespaceIsolation: true,
  networkResourcesInjector: false,
  adminPolicy: "none",
  dnsNamespace: "kube-system",
  dnsLabels: { "k8s-app": "kube-dns" },
  dnsPort: 53,
  statusWriters: [...MULTUS, ...OVN_KUBERNETES, ...KUBE_OVN],
};

export const profiles: Readonly<Record<string, ProfileDefaults>> = {
  generic,
  openshift: {
    ...generic,
    cni: "ovn-kubernetes",
    cidrs: ["10.128.0.0/14"],
    serviceCidrs: ["172.30.0.0/16"],
    mtu: 1400,
    networkResourcesInjector: true,
    adminPolicy: "AdminNetworkPolicy",
    dnsNamespace: "openshift-dns",
    dnsLabels: { "dns.operator.openshift.io/daemonset-dns": "default" },
    dnsPort: 5353,
    securityContextConstraints: "privileged",
    statusWriters: [
      ...accounts("openshift-multus", "multus"),
      "system:multus:*",
      ...accounts("openshift-ovn-kubernetes", "ovn-kubernetes-control-plane", "ovn-kubernetes-node"),
      "system:ovn-node:*",
    ],
  },
  k3s: {
    ...generic,
    cni: "flannel",
    cidrs: ["10.42.0.0/16"],
    serviceCidrs: ["10.43.0.0/16"],
    mtu: 1450,
    namespaceIsolation: false,
  },
  // Talos installs flannel unless its machine configuration names another plugin or none.
  talos: { ...generic, cni: "flannel", mtu: 1450 },
  "kube-ovn": {
    ...generic,
    cni: "kube-ovn",
    cidrs: ["10.16.0.0/16"],
    mtu: 1400,
    statusWriters: [...MULTUS, ...KUBE_OVN],
  },
  gke: { ...generic, cidrs: ["10.4.0.0/14"], serviceCidrs: ["34.118.224.0/20"], mtu: 1460, statusWriters: MULTUS },
};
