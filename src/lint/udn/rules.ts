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
    label: "has no effect",
  },
  everywhere: {
    severity: "warning",
    message: () => "an empty selector selects all namespaces, including system namespaces",
    label: "all namespaces",
    help: "name the namespaces: `matchExpressions` on `kubernetes.io/metadata.name`",
  },
  "system-namespace": {
    severity: "error",
    message: ({ namespace }: { namespace: string }) => `namespace \`${namespace}\` cannot have a primary network`,
    label: "system namespace",
  },
  "no-namespace-label": {
    severity: "warning",
    message: ({ namespace }: { namespace: string }) =>
      `namespace \`${namespace}\` has no label for a primary network, so its pods use the default network`,
    label: "created without the label",
    help: 'create the namespace with the label `k8s.ovn.org/primary-user-defined-network: ""`',
  },
  "same-name-as-nad": {
    severity: "error",
    message: ({ name }: { name: string }) =>
      `network \`${name}\` has a NetworkAttachmentDefinition of that name already`,
    label: "OVN-Kubernetes writes one itself",
  },
});
