import { defineRules } from "../../diagnostics/rules.ts";

/** UserDefinedNetwork and ClusterUserDefinedNetwork of OVN-Kubernetes. */
export const udnRules = defineRules("udn", {
  refused: {
    severity: "error",
    message: ({ problem }: { problem: string }) => problem,
    label: "the API server refuses it",
  },
  "unknown-key": {
    severity: "warning",
    message: ({ key, where }: { key: string; where: string }) => `\`${where}\` has no field \`${key}\``,
    label: "dropped by the API server",
  },
  "outside-subnets": {
    severity: "warning",
    message: ({ subnet }: { subnet: string }) => `${subnet} is not in the network's subnets`,
    label: "excludes nothing",
  },
  everywhere: {
    severity: "warning",
    message: () => "an empty selector selects every namespace, the system's own among them",
    label: "all namespaces",
    help: "name the namespaces: `matchExpressions` on `kubernetes.io/metadata.name`",
  },
  "system-namespace": {
    severity: "error",
    message: ({ namespace }: { namespace: string }) => `namespace \`${namespace}\` cannot have a network of its own`,
    label: "the system's own",
  },
  "no-namespace-label": {
    severity: "warning",
    message: ({ namespace }: { namespace: string }) =>
      `namespace \`${namespace}\` has no label for a primary network, so its pods stay on the default one`,
    label: "created without the label",
    help: 'set the label `k8s.ovn.org/primary-user-defined-network: ""` when it is created',
  },
  "same-name-as-nad": {
    severity: "error",
    message: ({ name }: { name: string }) =>
      `network \`${name}\` has a NetworkAttachmentDefinition of that name already`,
    label: "OVN-Kubernetes writes one itself",
  },
});
