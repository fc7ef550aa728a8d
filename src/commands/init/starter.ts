import { buildCombinedSchema } from "../schema.ts";
import { type StarterExtra, starterExtras } from "./extras.ts";

export interface StarterOptions {
  readonly target: string;
  readonly gitops?: "argocd" | "flux" | undefined;
  readonly with: readonly StarterExtra[];
  /** Where the project's repository is; absent: nobody knows. */
  readonly repository?: string | undefined;
}

/** The schema of all kinds, which editors read by the first line of each file. */
export const SCHEMA_FILE = "plumbline.schema.json";

/** What `plumbline init` writes: one zone, one workload, ready to compile. */
export function buildStarterFiles(options: StarterOptions): Readonly<Record<string, string>> {
  const files = Object.fromEntries(options.with.flatMap((one) => Object.entries(starterExtras[one])));
  const zones = options.with.includes("firewall") ? ["payments", "web"] : ["payments"];
  const written: Record<string, string> = {
    "plumbline.yaml": projectText(options),
    "intents/fabric.yaml": fabricText(options.target),
    ...Object.fromEntries(zones.map((zone) => [`intents/zones/${zone}.yaml`, zoneText(zone, options.target)])),
    ...files,
    "workloads/card.yaml": workloadText("card", "payments"),
    ...(zones.includes("web") && { "workloads/shop.yaml": workloadText("shop", "web") }),
  };
  return {
    ...Object.fromEntries(Object.entries(written).map(([path, text]) => [path, modeline(path) + text])),
    [SCHEMA_FILE]: `${JSON.stringify(buildCombinedSchema())}\n`,
    ".gitattributes": `# The output is generated; after a merge conflict run: plumbline compile --merge
out/** linguist-generated=true
${SCHEMA_FILE} linguist-generated=true
`,
  };
}

/** Tells YAML servers of editors which schema a file has. Manifests are Kubernetes' own. */
function modeline(path: string): string {
  if (path.startsWith("workloads/")) return "";
  return `# yaml-language-server: $schema=${"../".repeat(path.split("/").length - 1)}${SCHEMA_FILE}\n`;
}

/** What is installed in a cluster, by target: lines below `platform`. */
const platforms: Readonly<Record<string, string>> = {
  multus: `        # Name the CNI plugins that your MultiNetworkPolicy controller enforces; without it, zones are separate by VLAN only.
        multiNetworkPolicy: {plugins: [macvlan]}
`,
  "ovn-kubernetes": `        # Who writes networks besides the appliers: the cluster manager of OVN-Kubernetes.
        networkWriters: [system:serviceaccount:ovn-kubernetes:ovnkube-cluster-manager]
`,
  dra: `        # The driver that moves devices into pods: sriov, or dranet, which gives out no addresses.
        dra: {driver: sriov}
`,
  "kube-ovn": `        profile: kube-ovn
        # Kube-OVN is the main network, and its policies name the port of a pod that they are for.
        kubeOvn: {policyFor: true}
`,
  gke: `        profile: gke
        # The VPC behind each uplink, with its subnet and the secondary ranges that pods get addresses from.
        gke:
          networks:
            data: {vpc: data-vpc, subnet: data-nodes, podRanges: [data-pods]}
`,
  "network-kind": "",
};

function projectText({ target, gitops, repository }: StarterOptions): string {
  const named = target === "multus" ? "" : `      target: ${target}\n`;
  return `# The project: which clusters there are, and what is installed in them.
apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata:
  name: my-platform
spec:
${target === "network-kind" ? "  # This target is experimental: its API is not stable.\n  experimental: true\n" : ""}  clusters:
    - name: main
${named}      platform:
${platforms[target] ?? ""}        # The API for policies of admins that your CNI enforces: ClusterNetworkPolicy or AdminNetworkPolicy. With none, whoever
        # may write NetworkPolicies in a zone can open its default network again, and compile warns of it.
        adminPolicy: ClusterNetworkPolicy
${deliveryText(gitops, repository)}`;
}

function deliveryText(gitops: StarterOptions["gitops"], repository: string | undefined): string {
  if (gitops === undefined) return "";
  const about = "  # How out/ gets into the cluster: docs/delivery.md tells of all keys.\n";
  if (gitops === "flux")
    return `${about}  delivery:\n    gitops: flux\n    flux:\n      sourceRef: {kind: GitRepository, name: flux-system}\n`;
  const known = repository === undefined ? "      # The repository that Argo CD reads. Change it to yours.\n" : "";
  const url = repository ?? "https://git.example.com/my-platform.git";
  return `${about}  delivery:\n    gitops: argocd\n    argocd:\n${known}      repoURL: ${url}\n`;
}

function fabricText(target: string): string {
  const more: Readonly<Record<string, string>> = {
    "ovn-kubernetes": "      physicalNetwork: data\n",
    "kube-ovn": "      physicalNetwork: data\n",
    dra: "      attach: sriov\n      resourceName: example.com/vf\n",
  };
  const vlans = target === "gke" ? "" : `      vlans: ["100-199"]\n`;
  return `# What is physically there: the links on the nodes, and the VLANs and addresses that may be allocated.
apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata:
  name: dc1
spec:
  clusters: [main]
  uplinks:
    - name: data
      interface: bond1
${vlans}${more[target] ?? ""}  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
`;
}

function zoneText(name: string, target: string): string {
  // A network of GKE is a VPC of its own, which an uplink stands for.
  const separation = target === "gke" ? "physical" : "vlan";
  return `# Who may talk among themselves. Nothing crosses the border of a zone unless an intent says so.
# VLAN and subnet are left out: they are allocated once and kept in plumbline.lock.yaml.
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata:
  name: ${name}
spec:
  namespaces: [${name}]
  network:
    separation: ${separation}
    uplink: data
${target === "gke" ? "    # The secondary range of the VPC. GKE gives out its addresses.\n    subnets: [10.128.0.0/24]\n    addressing: dhcp\n" : ""}`;
}

function workloadText(name: string, namespace: string): string {
  return `# Manifests that the pods come from. They are read, never written.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  replicas: 2
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: ${name}
          image: registry.example.com/${name}:1.0.0
`;
}
