import { defineRules } from "../../diagnostics/rules.ts";

export const zoneRules = defineRules("zone", {
  "namespace-twice": {
    severity: "error",
    message: ({ namespace, other }: { namespace: string; other: string }) =>
      `namespace \`${namespace}\` is already in zone \`${other}\``,
    label: "in two zones",
    help: "a namespace can be in one zone only: move the other workloads to a namespace of their own",
  },
  "system-namespace": {
    severity: "error",
    message: ({ namespace }: { namespace: string }) => `namespace \`${namespace}\` belongs to the cluster`,
    label: "cannot be in a zone",
    help: "move the workloads that need isolation to a namespace of their own",
  },
  "named-from-outside": {
    severity: "error",
    message: ({ ref, network, zone }: { ref: string; network: string; zone: string }) =>
      `${ref} names ${network} by hand, a network of zone \`${zone}\` that it does not belong to`,
    label: "bypasses every firewall",
    help: "remove it from the annotation, and add a FirewallPair rule for the connections that it needs",
  },
  "workload-twice": {
    severity: "error",
    message: ({ ref, other }: { ref: string; other: string }) => `${ref} is a member of zone \`${other}\` too`,
    label: "connects two zones",
    help: "keep it in one zone, and add a FirewallPair rule for the connections that it needs",
  },
  "member-outside": {
    severity: "error",
    message: ({ ref, namespace }: { ref: string; namespace: string }) =>
      `${ref} is a member, but namespace \`${namespace}\` is not one of the zone's`,
    label: "not in the zone's namespaces",
    help: "add the namespace to `namespaces`, or move the workload",
  },
  "no-members": {
    severity: "warning",
    message: ({ name }: { name: string }) =>
      `zone \`${name}\` has no members: no manifest has a workload in its namespaces`,
    label: "no workload found",
    help: "check the name, and the paths of `spec.workloads` in plumbline.yaml",
  },
  "misspelt-namespace": {
    severity: "error",
    message: ({ namespace, near }: { namespace: string; near: string }) =>
      `no manifest has a workload in namespace \`${namespace}\`; \`${near}\` has some, and is in no zone`,
    label: ({ near }: { near: string }) => `did you mean \`${near}\`?`,
    help: ({ near }: { near: string }) =>
      `write \`${near}\`; if both names are right, put \`${near}\` into a zone too, or add a manifest of the Namespace or of its workloads`,
  },
  "moved-away": {
    severity: "error",
    message: ({ from, to }: { from: string; to: string }) =>
      `a kustomization puts workloads of namespace \`${from}\` into \`${to}\`, which is in no zone`,
    label: ({ to }: { to: string }) => `its pods run in \`${to}\``,
    help: ({ from, to }: { from: string; to: string }) =>
      `write \`${to}\` here; if the kustomization is not for these clusters, leave it out of \`spec.kustomizations\`, or name \`${from}\` in one that is`,
  },
  audit: {
    severity: "warning",
    message: ({ name }: { name: string }) =>
      `zone \`${name}\` is in audit: no policy is enforced, and every pod of the cluster can connect to its pods on eth0`,
    label: "nothing is blocked",
    help: "write `enforcement: enforce` when there are no more admission warnings",
  },
  "opening-peer": {
    severity: "error",
    message: ({ found }: { found: string }) =>
      `an entry of \`allow\` has exactly one of namespace, cidr, internet, apiServer, hostNetwork; this one has ${found}`,
    label: "write exactly one",
  },
  "opening-direction": {
    severity: "error",
    message: ({ direction, key }: { direction: string; key: string }) => `an entry for ${direction} needs \`${key}\``,
    label: "the peer is missing",
  },
  "opening-to-zone": {
    severity: "error",
    message: ({ namespace, zone }: { namespace: string; zone: string }) =>
      `namespace \`${namespace}\` is in zone \`${zone}\`: this would connect the zones on the default network`,
    label: "another zone's namespace",
    help: "use a FirewallPair between the two zones",
  },
  "opening-covers-zone": {
    severity: "error",
    message: ({ cidr, network }: { cidr: string; network: string }) => `${cidr} covers addresses of ${network}`,
    label: "contains another network",
    help: "narrow it, or use a FirewallPair",
  },
  "opening-covers-pods": {
    severity: "error",
    message: ({ cidr, cluster }: { cidr: string; cluster: string }) =>
      `${cidr} covers the pod network of cluster \`${cluster}\`: every pod would be allowed`,
    label: "covers every pod",
    help: "name the peers by `namespace`",
  },
  "no-api-server": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) =>
      `the addresses of the API server of cluster \`${cluster}\` are not known`,
    label: "which addresses?",
    help: "set `platform.apiServer.cidrs` in plumbline.yaml",
  },
  "no-node-addresses": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) => `the addresses of the nodes of cluster \`${cluster}\` are not known`,
    label: "which addresses?",
    help: "set `platform.podNetwork.nodeCidrs` in plumbline.yaml: a policy cannot select the nodes' own network",
  },
});
