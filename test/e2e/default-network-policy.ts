import { tierRules } from "./admin-tier.ts";
import type { KubeObject } from "./manifests.ts";
import { type Direction, isolates, type PolicyPod, type PolicyWorld, ruleMatches, specOf } from "./policy-rules.ts";
import { selects } from "./selectors.ts";

/** A pod with the node's end of its eth0. */
export interface DefaultNetworkPod extends PolicyPod {
  readonly link: string;
}

/**
 * The node's nftables rules that enforce NetworkPolicy and the admin tiers on eth0, where a CNI enforces them: outside of
 * the pod, on the node's end of its link. The order is that of the API: Admin tier (Accept and Deny end it, Pass goes on),
 * then NetworkPolicy where one selects the pod (allowed, else dropped), else the Baseline tier. The local node's own
 * packets to its pods (probes of a kubelet) are exempt, as implementations have it.
 */
export function defaultNetworkRules(
  objects: readonly KubeObject[],
  world: PolicyWorld<DefaultNetworkPod>,
  adminTier: boolean,
): string {
  const chains = world.pods.flatMap((pod, index) => [
    chain(`out${index}`, pod, "egress", objects, world, adminTier),
    chain(`in${index}`, pod, "ingress", objects, world, adminTier),
  ]);
  const jumps = (side: string, name: string) =>
    world.pods.length === 0
      ? ""
      : `    ${side} vmap { ${world.pods.map((pod, index) => `"${pod.link}" : jump ${name}${index}`).join(", ")} }\n`;
  return `table inet plb-policy
delete table inet plb-policy
table inet plb-policy {
${chains.join("")}  chain forward {
    type filter hook forward priority filter; policy accept;
    ct state established,related accept
${jumps("iifname", "out")}${jumps("oifname", "in")}  }
  chain input {
    type filter hook input priority filter; policy accept;
    ct state established,related accept
    meta l4proto ipv6-icmp icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept
${jumps("iifname", "out")}  }
}
`;
}

function chain(
  name: string,
  pod: DefaultNetworkPod,
  direction: Direction,
  objects: readonly KubeObject[],
  world: PolicyWorld,
  adminTier: boolean,
): string {
  const lines: string[] = [];
  const admin = adminTier ? tierRules(objects, "Admin", pod, direction, world) : [];
  const rest = [...namespaced(pod, direction, objects, world)];
  if (rest.length === 0 && adminTier) {
    for (const rule of tierRules(objects, "Baseline", pod, direction, world)) {
      rest.push(`${rule.match} ${rule.action === "deny" ? "counter drop" : "return"}`);
    }
  }
  for (const rule of admin) {
    const verdict = { accept: "return", deny: "counter drop", pass: `goto ${name}rest` }[rule.action];
    lines.push(`${rule.match} ${verdict}`);
  }
  const block = (title: string, rules: readonly string[]) =>
    `  chain ${title} {\n${rules.map((rule) => `    ${rule.trim()}\n`).join("")}  }\n`;
  return block(`${name}rest`, rest) + block(name, [...lines, `goto ${name}rest`]);
}

/** The rules of NetworkPolicy for a pod; none where no policy isolates it in that direction. */
function namespaced(
  pod: PolicyPod,
  direction: Direction,
  objects: readonly KubeObject[],
  world: PolicyWorld,
): string[] {
  const policies = objects
    .filter((o) => o.kind === "NetworkPolicy" && o.apiVersion === "networking.k8s.io/v1")
    .filter((o) => (o.metadata.namespace ?? "default") === pod.namespace)
    .filter((o) => selects(specOf(o).podSelector, pod.labels) && isolates(specOf(o), direction));
  if (policies.length === 0) return [];
  const allowed = policies.flatMap((o) => ruleMatches(specOf(o), pod.namespace, direction, world));
  return [...allowed.map((match) => `${match} return`), "counter drop"];
}
