import { defineRules } from "../../diagnostics/rules.ts";

export const ovnRules = defineRules("ovn", {
  "namespace-not-managed": {
    severity: "error",
    message: ({ zone }: { zone: string }) =>
      `the overlay of zone \`${zone}\` becomes its pods' main network only in namespaces that are created with a label`,
    label: "plumbline does not create these",
    help: "set `manageNamespaces: true`, and move the workloads to namespaces that do not exist yet",
  },
  "not-on-overlay": {
    severity: "error",
    message: ({ what, network }: { what: string; network: string }) =>
      `${what} is not possible on the overlay of ${network}, which is its pods' main network`,
    label: "not on a main network",
    help: "put the zone on a VLAN (`separation: vlan`)",
  },
  "no-physical-network": {
    severity: "error",
    message: ({ uplink }: { uplink: string }) => `OVN has no name for uplink \`${uplink}\``,
    label: "`physicalNetwork` is missing",
    help: "add `physicalNetwork:` with the name that ovn-bridge-mappings has for its bridge",
  },
  "too-scattered": {
    severity: "error",
    message: ({ network, found }: { network: string; found: number }) =>
      `${network} leaves ${found} blocks of its subnet out, and OVN takes 25`,
    label: "too many blocks",
    help: "put the `reserved` addresses side by side, on borders of powers of two",
  },
  "no-writer": {
    severity: "warning",
    message: ({ cluster }: { cluster: string }) =>
      `OVN-Kubernetes itself must write networks of cluster \`${cluster}\`, but no user is allowed to`,
    label: "would never be ready",
    help: "name its ServiceAccount in `platform.networkWriters`: system:serviceaccount:<namespace>:<name>",
  },
});
