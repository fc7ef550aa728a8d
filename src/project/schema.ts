import { features } from "../schema/features.ts";
import { anyObject, flag, integer, list, mapOf, object, oneOf, type Schema, text } from "../schema/schema.ts";

const losable = features.filter((one) => one.losable).map((one) => one.name);

const paths = text("A glob, from the project's folder on.", "glob");

const platform: Schema = object("What is installed in the cluster. `profile` sets what is left out.", {
  profile: oneOf("The distribution.", ["generic", "openshift", "k3s", "talos", "kube-ovn", "gke"], "generic"),
  kubernetes: text("Its version.", "minor-version", { default: "1.36" }),
  cniVersion: oneOf("Version of the CNI configurations.", ["0.3.1", "0.4.0", "1.0.0", "1.1.0"], "1.0.0"),
  cni: oneOf(
    "The main CNI plugin. It says which routes eth0 has, and with that how a default route by another network is written: see `docs/cni-routes.md`. Absent: that of the profile, of target `ovn-kubernetes` or of target `kube-ovn`.",
    ["cilium", "calico", "flannel", "ovn-kubernetes", "kube-ovn", "other"],
  ),
  namespaceIsolation: flag("Whether Multus refuses networks of other namespaces.", true),
  ipam: oneOf("What gives out addresses of a pool.", ["whereabouts", "host-local", "static"], "whereabouts"),
  networkResourcesInjector: flag("Whether device requests are added by an admission webhook.", false),
  nmstate: flag("Whether node links are emitted for NMState.", false),
  multiNetworkPolicy: object("The installed MultiNetworkPolicy controller. Absent: none.", {
    plugins: list("CNI types that it enforces.", text("A CNI type.", "word")),
    endPort: flag("Whether it takes port ranges.", false),
    acceptIcmp6: flag("Whether it lets ICMPv6 through; IPv6 needs that.", false),
  }),
  networkPolicy: flag("Whether NetworkPolicy is enforced on the default network.", true),
  appliers: list("Users that may write networks and gateways.", text("A user name.", "line"), { minItems: 1 }),
  networkWriters: list("Operators that write networks too.", text("A user name.", "line")),
  statusWriters: list(
    "Users that may write to the status of pods what they are attached to: Multus, OVN-Kubernetes, Kube-OVN. Nodes always may. Absent: the usual names of the profile.",
    text("A user name; one that ends in `:*` stands for all names that begin so.", "line"),
    { minItems: 1 },
  ),
  adminPolicy: oneOf("The admin-tier policy API.", ["none", "AdminNetworkPolicy", "ClusterNetworkPolicy"], "none"),
  podNetwork: object("The default network.", {
    cidrs: list("Addresses of pods.", text("A network.", "cidr"), { minItems: 1 }),
    serviceCidrs: list("Addresses of Services.", text("A network.", "cidr"), { minItems: 1 }),
    mtu: integer("Largest packet, in bytes.", 576, 65535),
    nodeCidrs: list("Addresses of the nodes.", text("A network.", "cidr")),
    eth0Routes: flag(
      "Whether pods have routes to pods, Services and nodes besides the default route. Absent: what `cni` says, else `false`.",
    ),
  }),
  dns: object("The cluster's resolver.", {
    namespace: text("Its namespace.", "name"),
    podLabels: mapOf("Labels of its pods.", text("A value.", "label-value"), "label-key"),
    ports: list("Ports of its pods.", integer("A port.", 1, 65535), { minItems: 1 }),
    cidrs: list("Node-local caches.", text("A network.", "cidr")),
  }),
  apiServer: object("The API server, as pods reach it.", {
    cidrs: list("Its addresses.", text("A network.", "cidr")),
    port: integer("Its port.", 1, 65535, 6443),
  }),
  dra: object("The driver of devices (target `dra`).", {
    driver: oneOf("Which one it is.", ["dranet", "sriov"], "dranet"),
    deviceClass: text("A DeviceClass of it that is there already. Absent: one is written.", "config-name"),
  }),
  gke: object("The VPCs behind the uplinks (target `gke`).", {
    networks: mapOf(
      "A VPC by the name of its uplink.",
      object(
        "A VPC that every node has an interface in.",
        {
          vpc: text("Its name.", "name"),
          subnet: text("The subnet of the nodes' interfaces.", "name"),
          podRanges: list("Secondary ranges that pods get addresses from.", text("A range's name.", "name")),
        },
        ["vpc", "subnet"],
      ),
      "name",
    ),
  }),
  kubeOvn: object("What Kube-OVN has (target `kube-ovn`).", {
    externalSubnet: text("The Subnet by which VPCs reach addresses outside.", "config-name"),
    policyFor: flag(
      "Whether it is the main network and reads `ovn.kubernetes.io/network_policy_for` (after 1.15), by which each network has NetworkPolicies of its own.",
      false,
    ),
    joinSubnets: list("Its `join` Subnet, where the cluster was installed with another.", text("A network.", "cidr"), {
      minItems: 1,
    }),
  }),
  ovn: object(
    "Subnets that OVN-Kubernetes takes for itself. Written only where the cluster was installed with others.",
    {
      joinSubnets: list("Between its routers.", text("A network.", "cidr"), { minItems: 1 }),
      transitSubnets: list("Between the nodes' zones.", text("A network.", "cidr"), { minItems: 1 }),
      masqueradeSubnets: list("Between nodes and pods.", text("A network.", "cidr"), { minItems: 1 }),
      udnJoinSubnets: list("Between routers of user-defined networks.", text("A network.", "cidr"), { minItems: 1 }),
    },
  ),
  networkKind: object("The implementation of NetworkKind (target `network-kind`).", {
    deviceClass: text("A DeviceClass of it that is there already. Absent: one is written.", "config-name"),
  }),
  securityContextConstraints: text("What gateways run under (OpenShift).", "config-name"),
  sysctlAllowlist: list(
    "Sysctls that were added to the nodes' allow-list of the CNI plugin `tuning` (OpenShift: ConfigMap `cni-sysctl-allowlist`).",
    text("A sysctl, with IFNAME for the interface.", "word"),
  ),
});

const pathPrefix = text(
  "Path from the root of the git repository to the project's folder: `net`. Absent: the project is at the root.",
  "glob",
);

const argocd: Schema = object("What `gitops: argocd` writes into the Application.", {
  repoURL: text("Address of the git repository that holds the output.", "git-address"),
  revision: text("The branch, tag or commit that Argo CD follows.", "git-revision", { default: "main" }),
  project: text("The AppProject.", "config-name", { default: "default" }),
  namespace: text("The namespace of the Application.", "name", { default: "argocd" }),
  pathPrefix,
  destination: object(
    "The cluster as Argo CD knows it: by name or by server. `{cluster}` stands for the cluster's name here. Absent: the same name.",
    {
      name: text("Its name in Argo CD: `in-cluster`, `prod-{cluster}`.", "cluster-name"),
      server: text("The address of its API server: `https://kubernetes.default.svc`.", "cluster-name"),
    },
  ),
  applicationSet: flag(
    "Whether one ApplicationSet is written, with a git generator over the clusters' folders, in place of an Application for each cluster.",
    false,
  ),
});

const flux: Schema = object("What `gitops: flux` writes into the Kustomization.", {
  sourceRef: object("The source that holds the output.", {
    kind: oneOf("Its kind.", ["GitRepository", "OCIRepository", "Bucket"], "GitRepository"),
    name: text("Its name. Absent: the project's name.", "config-name"),
    namespace: text("Its namespace. Absent: that of the Kustomization.", "name"),
  }),
  dependsOn: list(
    "Kustomizations that must be ready first: controllers, CRDs.",
    object("A Kustomization.", { name: text("Its name.", "config-name"), namespace: text("Its namespace.", "name") }, [
      "name",
    ]),
  ),
  pathPrefix,
  timeout: text("How long Flux waits for the objects to be ready.", "duration"),
  namespace: text("The namespace of the Kustomization.", "name", { default: "flux-system" }),
});

const workloads: Schema = {
  type: ["string", "object"],
  description: "A glob, or globs with the namespace of files that name none.",
  format: "glob",
  properties: { paths: list("The globs.", paths, { minItems: 1 }), namespace: text("The namespace.", "name") },
  required: ["paths"],
  additionalProperties: false,
};

const containers = (description: string): Schema =>
  list(description, {
    type: ["string", "object"],
    description: "Its name, or its name with what it drops.",
    format: "name",
    properties: {
      name: text("Its name.", "name"),
      drop: list(
        "Capabilities that the chart makes it drop. A patch replaces the whole list, so it repeats them.",
        text("A capability.", "word"),
      ),
    },
    required: ["name"],
    additionalProperties: false,
  });

const labels = (description: string): Schema => mapOf(description, text("A value.", "label-value"), "label-key");

const declared: Schema = object(
  "A workload that no manifest describes: a chart or an operator makes it.",
  {
    namespace: text("The namespace of its pods.", "name"),
    kind: oneOf("Its kind.", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"]),
    name: text("Its name in the cluster.", "config-name"),
    podLabels: labels("Labels of its pods, without those that change with a version of the chart."),
    selector: labels(
      "Labels by which the workload selects its pods (`spec.selector.matchLabels`). Absent: `podLabels`.",
    ),
    serviceAccount: text("Its pods' ServiceAccount. Absent: `default`.", "config-name"),
    replicas: integer("How many pods it runs. Absent: 1.", 0, 100000),
    strategy: oneOf("How a Deployment replaces its pods. Absent: not known, so an old and a new pod may run at once.", [
      "Recreate",
      "RollingUpdate",
    ]),
    containers: containers("Its containers. A pod in an isolation zone needs them, so that a patch can drop NET_RAW."),
    initContainers: containers("Its init containers."),
    ports: list(
      "Ports that its first container names.",
      object(
        "A port.",
        { name: text("Its name, where policies or Services use it.", "name"), port: text("`tcp/8080`.", "one-port") },
        ["port"],
      ),
    ),
    release: object(
      "What makes it: `{kind: HelmRelease, name: …}`, an Argo CD `Application`, or an operator's object.",
      {
        kind: text("Its kind.", "word"),
        name: text("Its name.", "config-name"),
        namespace: text("Its namespace. Absent: that of the pods.", "name"),
      },
      ["kind", "name"],
    ),
  },
  ["namespace", "kind", "name", "podLabels"],
);

const cluster: Schema = object(
  "A cluster that manifests are written for.",
  {
    name: text("Its name, and its folder in `out`.", "intent-name"),
    target: text("How networks are spelt.", "name"),
    platform,
  },
  ["name"],
);

export const projectSchema: Schema = object(
  "Where everything is, and which clusters there are.",
  {
    requires: text(
      "The versions of plumbline that may compile this project, as a range of npm. Another version refuses, before it looks at anything else.",
      "line",
    ),
    intents: list("Globs of intents.", paths, { minItems: 1 }),
    workloads: list("Globs of workload manifests: read, never written.", workloads),
    declared: list("Workloads that no manifest describes, since charts or operators make them.", declared),
    kustomizations: list(
      "Globs of the files of kustomize that build the workloads: read, never written. Absent: every kustomization.yaml below the project's folder, without `out`.",
      paths,
    ),
    out: text("Folder of the output.", "glob", { default: "out" }),
    lock: text("The lock file.", "glob", { default: "plumbline.lock.yaml" }),
    templates: text("Folder of templates that replace built-in ones.", "glob"),
    templateDomains: list("Domains of labels and annotations that templates may add.", text("A domain.", "line")),
    clusters: list("The clusters.", cluster, { minItems: 1 }),
    delivery: object("How the output reaches the clusters.", {
      patches: oneOf(
        "How workloads are patched.",
        ["component", "rendered", "serverSideApply", "admission", "helmRelease"],
        "component",
      ),
      gitops: oneOf("Which objects to write for the applier.", ["none", "argocd", "flux"], "none"),
      argocd,
      flux,
    }),
    defaults: object("What intents need not say.", {
      images: object("Images of gateways, by digest.", {
        firewall: text("Image of FirewallPairs that have no `image`.", "image"),
        vpn: text("Image of VpnEgresses that have no `image`.", "image"),
      }),
    }),
    allowLoss: list(
      "What intents may do without where a target cannot do it, as `plumbline targets` names it.",
      oneOf("A feature.", losable),
    ),
    experimental: flag("Whether experimental targets are allowed.", false),
    annotations: anyObject("Free notes."),
  },
  ["clusters"],
);
