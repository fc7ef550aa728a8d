import { findSysctlsNotAllowed, findSysctlsToAdd, formatAllowlistLine } from "../../../cni/sysctl-allowlist.ts";
import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../../ir/manifest.ts";
import type { Handoff, Plan } from "../../../ir/plan.ts";
import type { Project } from "../../../ir/project.ts";
import { locatePlatformKey } from "./cluster-capabilities.ts";
import { platformRules } from "./rules.ts";

interface UnsupportedSysctls {
  readonly diagnostics: readonly Diagnostic[];
  readonly handoffs: readonly Handoff[];
}

/** Sysctls of the cluster's networks that the allow-list of its nodes lacks: no pod of such a network starts. */
export function findUnsupportedSysctls(
  { cluster }: Plan,
  project: Project,
  manifests: readonly Manifest[],
): UnsupportedSysctls {
  const { platform, name } = cluster;
  const keys = manifests.flatMap(sysctlsOf);
  const added = findSysctlsToAdd(platform, keys);
  const place = locatePlatformKey(project, cluster, "sysctlAllowlist");
  const handoffs = added.length > 0 ? [handoffOf(name, place, added)] : [];
  const beyond = findSysctlsNotAllowed(platform, keys);
  if (beyond.length === 0) return { diagnostics: [], handoffs };
  const parameters = { cluster: name, count: beyond.length };
  const written = platform.sysctlAllowlist !== undefined;
  const notes = [`the lines are ${beyond.map((one) => `\`${formatAllowlistLine(one)}\``).join(", ")}`];
  const all = [...(platform.sysctlAllowlist ?? []), ...beyond].sort().join(", ");
  const help = `add them to the list of the nodes (handoff.md says where), then write \`platform.sysctlAllowlist: [${all}]\``;
  const slug = written ? "sysctl-not-allowed" : "sysctl-allowlist";
  return { diagnostics: [platformRules.diagnose(slug, place, parameters, { notes, help })], handoffs };
}

function handoffOf(cluster: string, origin: Handoff["origin"], added: readonly string[]): Handoff {
  const lines = added.map((one) => `\`${formatAllowlistLine(one)}\``).join(", ");
  const text = `in the ConfigMap \`cni-sysctl-allowlist\` of namespace \`openshift-multus\`, add these lines to \`allowlist.conf\`: ${lines}; pods start when every node has them`;
  return { intent: `cluster/${cluster}`, origin, topic: "sysctl", text };
}

function sysctlsOf({ kind, data }: Manifest): readonly string[] {
  if (kind !== "NetworkAttachmentDefinition") return [];
  const config = data.config as { readonly plugins?: readonly { readonly sysctl?: object }[] } | undefined;
  return (config?.plugins ?? []).flatMap((one) => Object.keys(one.sysctl ?? {}));
}
