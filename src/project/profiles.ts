/** What a distribution sets when the project is silent. Sources: facts of each distribution's defaults, 2026-11. */
export interface ProfileDefaults {
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
}

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
};

export const profiles: Readonly<Record<string, ProfileDefaults>> = {
  generic,
  openshift: {
    ...generic,
    cidrs: ["10.128.0.0/14"],
    serviceCidrs: ["172.30.0.0/16"],
    mtu: 1400,
    networkResourcesInjector: true,
    adminPolicy: "AdminNetworkPolicy",
    dnsNamespace: "openshift-dns",
    dnsLabels: { "dns.operator.openshift.io/daemonset-dns": "default" },
    dnsPort: 5353,
    securityContextConstraints: "privileged",
  },
  k3s: { ...generic, cidrs: ["10.42.0.0/16"], serviceCidrs: ["10.43.0.0/16"], mtu: 1450, namespaceIsolation: false },
  "kube-ovn": { ...generic, cidrs: ["10.16.0.0/16"], mtu: 1400 },
  gke: { ...generic, cidrs: ["10.4.0.0/14"], serviceCidrs: ["34.118.224.0/20"], mtu: 1460 },
};
