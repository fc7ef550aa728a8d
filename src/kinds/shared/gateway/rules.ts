import { defineRules } from "../../../diagnostics/rules.ts";

export const gatewayRules = defineRules("gateway", {
  "reserved-name": {
    severity: "error",
    message: ({ name, policy }: { name: string; policy: string }) =>
      `a policy named after \`${name}\` would read as the zone's own \`${policy}\`, and it allows traffic`,
    label: "choose another name",
    help: "name what it allows: people and alerts look for these names in the cluster",
  },
  "one-cluster": {
    severity: "error",
    message: ({ kind, clusters }: { kind: string; clusters: string }) =>
      `a ${kind} runs in one cluster, but clusters ${clusters} share the Fabric`,
    label: "in which cluster?",
  },
  "icmp-opens-all": {
    severity: "warning",
    message: ({ peer }: { peer: string }) =>
      `a policy cannot express ICMP, so it allows everything from ${peer} through`,
    label: "wider than the rule",
  },
  "image-without-digest": {
    severity: "warning",
    message: ({ image }: { image: string }) => `the image \`${image}\` has only a tag, and a tag can change`,
    label: "no digest",
    help: "write `name@sha256:…`",
  },
  "latest-image": {
    severity: "error",
    message: ({ image }: { image: string }) => `the image \`${image}\` is the newest at each start`,
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
    label: "cannot hold a gateway",
    help: "give the gateway a namespace of its own",
  },
  "namespace-in-use": {
    severity: "error",
    message: ({ namespace, ref }: { namespace: string; ref: string }) =>
      `a gateway isolates its namespace, but ${ref} runs in \`${namespace}\` too`,
    label: "used by another workload too",
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
  "served-members": {
    severity: "error",
    message: ({ network, gateway }: { network: string; gateway: string }) =>
      `members of ${network} take their addresses and routes from a DHCP server, so they get no route by ${gateway}`,
    label: "members get no routes",
    help: "use `addressing: pool` or `addressing: static` on that network",
  },
  "no-layer-three": {
    severity: "error",
    message: ({ network }: { network: string }) => `${network} has no subnet, so a gateway has no address there`,
    label: "layer 2 only",
    help: "use `addressing: pool` with subnets on that network",
  },
});
