import { defineRules } from "../../../diagnostics/rules.ts";

const counted = (zones: number) => (zones === 1 ? "1 zone is" : `${zones.toLocaleString("en")} zones are`);

const sysctls = (count: number) => (count === 1 ? "a sysctl" : `${count} sysctls`);

export const platformRules = defineRules("platform", {
  "no-network-policy": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) =>
      `nothing in cluster \`${cluster}\` enforces NetworkPolicy on eth0, so a zone there would be open`,
    label: "the default network connects every pod",
    help: "run a CNI that enforces NetworkPolicy and set `platform.networkPolicy: true`",
  },
  "too-old": {
    severity: "error",
    message: ({ cluster, version }: { cluster: string; version: string }) =>
      `cluster \`${cluster}\` runs Kubernetes ${version}, whose API server has no admission policies in v1`,
    label: "without admission policies, one annotation joins two zones",
    help: "run Kubernetes 1.30 or newer",
  },
  "tenants-can-reopen": {
    severity: "warning",
    message: ({ cluster, count, names }: { cluster: string; count: number; names: string }) =>
      `cluster \`${cluster}\` has no admin-tier policy: ${counted(count)} protected by NetworkPolicy alone (${names}), and whoever may create one there can open eth0 again`,
    label: "no `adminPolicy`",
    help: "set `platform.adminPolicy` where the CNI has it, or forbid NetworkPolicies in zones by RBAC",
  },
  "sysctl-allowlist": {
    severity: "warning",
    message: ({ cluster, count }: { cluster: string; count: number }) =>
      `networks of cluster \`${cluster}\` set ${sysctls(count)} that its nodes refuse by default: no pod of theirs starts before the nodes' list has them`,
    label: "no `sysctlAllowlist`",
    help: "add them to the list of the nodes, then name them in `platform.sysctlAllowlist`",
  },
  "sysctl-not-allowed": {
    severity: "error",
    message: ({ cluster, count }: { cluster: string; count: number }) =>
      `networks of cluster \`${cluster}\` set ${sysctls(count)} beyond its \`sysctlAllowlist\`: no pod of theirs starts`,
    label: "not complete",
    help: "add them to the list of the nodes, then name them in `platform.sysctlAllowlist`",
  },
  "too-many-openings": {
    severity: "error",
    message: ({ found, limit }: { found: number; limit: number }) =>
      `${found} openings in one direction are more than an admin policy takes, which is ${limit}`,
    label: "too many openings",
    help: "put peers together, or use a FirewallPair",
  },
  "node-selector": {
    severity: "error",
    message: ({ ref, key, wanted, found }: { ref: string; key: string; wanted: string; found: string }) =>
      `${ref} wants nodes with ${key}=${found}, but its uplink exists on nodes with ${key}=${wanted}`,
    label: "no node has both",
  },
});
