import { defineRules } from "../../../diagnostics/rules.ts";

export const gatewayRules = defineRules("gateway", {
  "one-cluster": {
    severity: "error",
    message: ({ kind, clusters }: { kind: string; clusters: string }) =>
      `a ${kind} stands in one cluster, but clusters ${clusters} share the Fabric`,
    label: "in which of them?",
  },
  "icmp-opens-all": {
    severity: "warning",
    message: ({ peer }: { peer: string }) => `a policy cannot say icmp, so it lets everything from ${peer} through`,
    label: "wider than it says",
  },
  "image-without-digest": {
    severity: "warning",
    message: ({ image }: { image: string }) => `the image \`${image}\` is named by a tag, which can be moved`,
    label: "no digest",
    help: "write `name@sha256:…`",
  },
  "latest-image": {
    severity: "error",
    message: ({ image }: { image: string }) => `the image \`${image}\` is whatever is newest`,
    label: "no fixed version",
    help: "write `name@sha256:…`",
  },
  "namespace-in-zone": {
    severity: "error",
    message: ({ namespace, zone }: { namespace: string; zone: string }) =>
      `a gateway cannot run in namespace \`${namespace}\`: it is in zone \`${zone}\``,
    label: "one of a zone's namespaces",
    help: "give the gateway a namespace of its own",
  },
  "system-namespace": {
    severity: "error",
    message: ({ namespace }: { namespace: string }) => `namespace \`${namespace}\` belongs to the cluster`,
    label: "no place for a gateway",
    help: "give the gateway a namespace of its own",
  },
  "namespace-in-use": {
    severity: "error",
    message: ({ namespace, ref }: { namespace: string; ref: string }) =>
      `a gateway closes its namespace, but ${ref} runs in \`${namespace}\` too`,
    label: "not the gateway's alone",
    help: "give the gateway a namespace of its own",
  },
  "namespace-shared": {
    severity: "error",
    message: ({ namespace, other }: { namespace: string; other: string }) =>
      `namespace \`${namespace}\` is already that of ${other}`,
    label: "two gateways in one namespace",
    help: "give each gateway a namespace of its own",
  },
  "address-count": {
    severity: "error",
    message: ({ found, wanted }: { found: number; wanted: number }) =>
      `there are ${found} addresses for ${wanted} members`,
    label: "one item per member",
  },
  "no-layer-three": {
    severity: "error",
    message: ({ network }: { network: string }) => `${network} has no subnet, so a gateway has no address there`,
    label: "layer 2 only",
    help: "use `addressing: pool` with subnets on that network",
  },
});
