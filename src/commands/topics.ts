/** Owners of codes, with what their codes are about, in the order in which people meet them. */
export const topics: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Files of a project": {
    load: "files that cannot be read, or are not found",
    yaml: "YAML that is wrong, or that tools read in different ways",
    schema: "keys and values that a kind does not have",
    project: "plumbline.yaml: clusters and delivery",
    workload: "manifests that pods come from",
    template: "templates of the project",
    write: "writing out/ and the lock",
  },
  Intents: {
    intent: "names, references, clusters and overrides of intents",
    fabric: "uplinks, VLANs and pools",
    zone: "isolation zones: namespaces, openings, enforcement",
    member: "workloads in a network",
    network: "VLANs, subnets, MTUs and addresses of networks",
    firewall: "firewall pairs: legs and rules",
    vpn: "VPN egress: tunnels, clients and destinations",
    external: "external networks: hosts, routes and pods",
    traffic: "what members of a Network may send to whom",
    expectation: "tests for the network",
    party: "ends of rules: zone, external, vpn, cidr, workload",
    gateway: "what firewall pairs and VPN gateways have in common",
    route: "routes of pods",
    plugin: "fields of CNI plugins in intents",
    allocation: "values in the lock file",
  },
  "Targets and delivery": {
    target: "what a target does not support",
    multus: "the target multus",
    ovn: "the target ovn-kubernetes",
    dra: "the target dra",
    kubeovn: "the target kube-ovn",
    gke: "the target gke",
    platform: "what is installed in a cluster",
    delivery: "patches, Argo CD and Flux",
    migrate: "moves between targets",
  },
  "The output": {
    verify: "what the written manifests allow, against what the intents say",
    output: "written files that are not what was compiled",
  },
  "Networks written by hand (lint)": {
    lint: "files, and comments that suppress a finding",
    nad: "NetworkAttachmentDefinitions and CNI configurations",
    annotation: "networks that pods ask for",
    mnp: "MultiNetworkPolicies and NetworkPolicies",
    udn: "UserDefinedNetworks",
    sriov: "SR-IOV",
    operator: "objects of network operators",
    kubevirt: "virtual machines",
  },
};

/** Topics that no group has. */
export const OTHER_TOPICS = "Others";

/** Groups with all owners of the codes that there are. */
export function groupTopics(
  owners: readonly string[],
): readonly (readonly [string, readonly (readonly [string, string])[]])[] {
  const known = new Set(Object.values(topics).flatMap((group) => Object.keys(group)));
  const others = owners.filter((owner) => !known.has(owner)).map((owner) => [owner, ""] as const);
  const groups = Object.entries(topics).map(
    ([name, group]) => [name, Object.entries(group).filter(([owner]) => owners.includes(owner))] as const,
  );
  return others.length === 0 ? groups : [...groups, [OTHER_TOPICS, others] as const];
}
