import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Platform } from "../../../ir/project.ts";
import type { SourceFile } from "../../../source/source-file.ts";
import { verifyRules } from "../../rules.ts";
import { formatName, locateInManifest, type ReadManifest } from "../manifests/manifest.ts";
import type { Policies } from "../model.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { type AdminPolicy, readAdminPolicy } from "./admin-policy.ts";
import { EGRESS_FIREWALL_NAME, type EgressFirewall, readEgressFirewall } from "./egress-firewall.ts";
import { type MultiPolicy, readMultiPolicy } from "./multi-network-policy.ts";
import { type PodPolicy, readPodPolicy } from "./pod-policy.ts";
import { POLICY_FOR, readPolicyPorts } from "./policy-for.ts";

export interface ReadPolicies {
  readonly policies: Policies;
  readonly diagnostics: readonly Diagnostic[];
}

const ADMIN_KINDS = ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"];

/** Every policy that the platform puts into force. One that it does not is a finding, and so is one not understood. */
export function readPolicies(
  manifests: readonly ReadManifest[],
  networks: ReadonlyMap<string, AttachableNetwork>,
  platform: Platform,
  ours: ReadonlySet<SourceFile>,
): ReadPolicies {
  const diagnostics: Diagnostic[] = [];
  const pod = new Map<string, PodPolicy[]>();
  const multi = new Map<string, MultiPolicy[]>();
  const admin: AdminPolicy[] = [];
  const egress = new Map<string, EgressFirewall>();
  for (const manifest of manifests) {
    const { kind, apiVersion } = manifest;
    const what = formatName(manifest);
    const unread = (why: string) =>
      diagnostics.push(verifyRules.diagnose("unreadable", locateInManifest(manifest, "spec"), { what, why }));
    const useless = (why: string) =>
      ours.has(manifest.doc.file) &&
      diagnostics.push(verifyRules.diagnose("policy-not-enforced", locateInManifest(manifest, "kind"), { what, why }));
    if (kind === "NetworkPolicy" && apiVersion === "networking.k8s.io/v1") {
      const read = readPodPolicy(manifest);
      const only = readPolicyPorts(manifest);
      if (only && !platform.kubeOvn.policyFor) useless(`nobody reads ${POLICY_FOR}, so it holds on every interface`);
      if (only?.size === 0 && platform.kubeOvn.policyFor) useless(`${POLICY_FOR} names no network`);
      if (!platform.networkPolicy) useless("the platform does not enforce NetworkPolicy");
      else if (typeof read === "string") unread(read);
      else push(pod, manifest.namespace, only && platform.kubeOvn.policyFor ? { ...read, only } : read);
    } else if (kind === "EgressFirewall" && apiVersion.startsWith("k8s.ovn.org/")) {
      const read = readEgressFirewall(manifest);
      if (manifest.name !== EGRESS_FIREWALL_NAME)
        useless(`only one that is called \`${EGRESS_FIREWALL_NAME}\` is read`);
      else if (typeof read === "string") unread(read);
      else egress.set(manifest.namespace, read);
    } else if (ADMIN_KINDS.includes(kind) && apiVersion.startsWith("policy.networking.k8s.io/")) {
      const read = readAdminPolicy(manifest);
      if (platform.adminPolicy !== kind.replace("Baseline", "")) useless(`the platform does not have ${kind}`);
      else if (typeof read === "string") unread(read);
      else admin.push(read);
    } else if (kind === "MultiNetworkPolicy") {
      const read = readMultiPolicy(manifest, networks, platform.multiNetworkPolicy?.plugins);
      if (typeof read === "string") unread(read);
      else {
        for (const why of read.ineffective) useless(why);
        for (const network of read.policy?.networks ?? []) push(multi, `${manifest.namespace} ${network}`, read.policy);
      }
    }
  }
  admin.sort((a, b) => a.priority - b.priority || (a.manifest.name < b.manifest.name ? -1 : 1));
  const [first, last] = [admin.filter((one) => one.tier === "admin"), admin.filter((one) => one.tier === "baseline")];
  return { policies: { pod, admin: first, baseline: last, egress, multi }, diagnostics };
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value | undefined): void {
  if (value === undefined) return;
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
