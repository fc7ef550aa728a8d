import type { Platform } from "../ir/project.ts";

/**
 * What the `tuning` plugin of OpenShift may set: `allowlist.conf` of the ConfigMap openshift-multus/cni-sysctl-allowlist as
 * the platform installs it. The plugin refuses every other sysctl, and the pod stays in ContainerCreating.
 */
const OPENSHIFT: readonly string[] = [
  ...["accept_redirects", "accept_source_route", "arp_accept", "arp_notify", "disable_policy"].map(v4),
  ...["secure_redirects", "send_redirects"].map(v4),
  ...["accept_ra", "accept_redirects", "accept_source_route", "arp_accept", "arp_notify"].map(v6),
  ...["base_reachable_time_ms", "retrans_time_ms"].map((name) => `net.ipv6.neigh.IFNAME.${name}`),
];

function v4(name: string): string {
  return `net.ipv4.conf.IFNAME.${name}`;
}

function v6(name: string): string {
  return `net.ipv6.conf.IFNAME.${name}`;
}

type AllowlistPlatform = Pick<Platform, "profile" | "sysctlAllowlist">;

/** Sysctls that the nodes' allow-list lacks even with what the project says was added. None where nodes have no list. */
export function findSysctlsNotAllowed(
  { profile, sysctlAllowlist }: AllowlistPlatform,
  keys: readonly string[],
): readonly string[] {
  if (profile !== "openshift" && sysctlAllowlist === undefined) return [];
  const allowed = new Set([...(profile === "openshift" ? OPENSHIFT : []), ...(sysctlAllowlist ?? [])]);
  return [...new Set(keys)].filter((key) => !allowed.has(key)).sort();
}

/** Sysctls that must be added to the list that the platform installs. */
export function findSysctlsToAdd({ profile }: AllowlistPlatform, keys: readonly string[]): readonly string[] {
  return findSysctlsNotAllowed({ profile, sysctlAllowlist: undefined }, keys);
}

/** The line of the list that allows a sysctl: an expression of Go's regexp package. */
export function formatAllowlistLine(key: string): string {
  return `^${key}$`;
}
