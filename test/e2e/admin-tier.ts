import { at, type KubeObject } from "./manifests.ts";
import { addressMatches, blockMatch, type Direction, type PolicyPod, type PolicyWorld } from "./policy-rules.ts";
import { type LabelSelector, selects } from "./selectors.ts";

/** One rule of the admin or baseline tier: an nft match and what to do with a packet that satisfies it. */
export interface TierRule {
  readonly match: string;
  readonly action: "accept" | "deny" | "pass";
}

interface Subject {
  readonly namespaces?: LabelSelector;
  readonly pods?: { readonly namespaceSelector: LabelSelector; readonly podSelector: LabelSelector };
}

interface AdminRule {
  readonly action: string;
  readonly from?: readonly (Subject & { readonly networks?: readonly string[] })[];
  readonly to?: readonly (Subject & { readonly networks?: readonly string[] })[];
  readonly ports?: readonly unknown[];
  readonly protocols?: readonly unknown[];
}

const tiers: Readonly<Record<string, (policy: KubeObject) => "Admin" | "Baseline" | undefined>> = {
  AdminNetworkPolicy: () => "Admin",
  BaselineAdminNetworkPolicy: () => "Baseline",
  ClusterNetworkPolicy: (policy) => at(policy, "spec", "tier") as "Admin" | "Baseline",
};

const actions = { Accept: "accept", Allow: "accept", Deny: "deny", Pass: "pass" } as const;

/** The rules of one tier for a pod, lowest priority number first, as v1alpha1 and v1alpha2 both order them. */
export function tierRules(
  policies: readonly KubeObject[],
  tier: "Admin" | "Baseline",
  pod: PolicyPod,
  direction: Direction,
  world: PolicyWorld,
): TierRule[] {
  return policies
    .filter((policy) => tiers[policy.kind]?.(policy) === tier)
    .filter((policy) => isSubject(at(policy, "spec", "subject") as Subject, pod, world))
    .sort((a, b) => Number(at(a, "spec", "priority") ?? 0) - Number(at(b, "spec", "priority") ?? 0))
    .flatMap((policy) => (at(policy, "spec", direction) as AdminRule[] | undefined) ?? [])
    .flatMap((rule) => {
      const action = actions[rule.action as keyof typeof actions];
      if (!action) throw new Error(`action ${rule.action} does not exist`);
      const peers = (direction === "ingress" ? rule.from : rule.to) ?? [];
      const sides = peers.flatMap((peer) => peerMatches(peer, direction, world));
      const ports = rule.ports?.map(adminPort) ?? rule.protocols?.map(protocolMatch) ?? [""];
      return sides.flatMap((side) => ports.map((port) => ({ match: `${side} ${port}`.trim(), action })));
    });
}

function isSubject(subject: Subject, pod: PolicyPod, world: PolicyWorld): boolean {
  const labels = world.namespaces.get(pod.namespace) ?? {};
  if (subject.namespaces) return selects(subject.namespaces, labels);
  if (!subject.pods) return false;
  return selects(subject.pods.namespaceSelector, labels) && selects(subject.pods.podSelector, pod.labels);
}

function peerMatches(
  peer: Subject & { readonly networks?: readonly string[] },
  direction: Direction,
  world: PolicyWorld,
): string[] {
  if (peer.networks) return peer.networks.map((cidr) => blockMatch(cidr, [], direction));
  const pods = world.pods.filter((pod) => isSubject(peer, pod, world));
  return addressMatches(
    pods.flatMap((pod) => pod.addresses),
    direction,
  );
}

/** A port of AdminNetworkPolicy v1alpha1. */
function adminPort(port: unknown): string {
  const single = at(port, "portNumber") as { protocol?: string; port: number } | undefined;
  if (single) return `${(single.protocol ?? "TCP").toLowerCase()} dport ${single.port}`;
  const range = at(port, "portRange") as { protocol?: string; start: number; end: number } | undefined;
  if (range) return `${(range.protocol ?? "TCP").toLowerCase()} dport ${range.start}-${range.end}`;
  throw new Error(`the suite's admin tier has no port ${JSON.stringify(port)}`);
}

/** A protocol of ClusterNetworkPolicy v1alpha2. */
function protocolMatch(entry: unknown): string {
  for (const protocol of ["tcp", "udp", "sctp"]) {
    const found = at(entry, protocol) as {
      destinationPort?: { number?: number; range?: { start: number; end: number } };
    };
    if (found === undefined) continue;
    const port = found.destinationPort;
    if (port === undefined) return `meta l4proto ${protocol}`;
    return `${protocol} dport ${port.number ?? `${port.range?.start}-${port.range?.end}`}`;
  }
  throw new Error(`the suite's admin tier has no protocol ${JSON.stringify(entry)}`);
}
