import { at, type KubeObject } from "./manifests.ts";
import { type Direction, isolates, type PolicyPod, ruleMatches, specOf } from "./policy-rules.ts";
import { type Labels, selects } from "./selectors.ts";

/** A pod with its secondary attachments, as Multus's network-status lists them. */
export interface AttachedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly attachments: readonly Attachment[];
}

export interface Attachment {
  /** `namespace/name` of the NetworkAttachmentDefinition. */
  readonly network: string;
  readonly interface: string;
  readonly addresses: readonly string[];
}

export interface MultiPolicyOptions {
  /** CNI plugin types that the controller enforces: its --network-plugins. */
  readonly plugins: readonly string[];
  readonly acceptIcmp: boolean;
  readonly acceptIcmp6: boolean;
}

const annotation = "k8s.v1.cni.cncf.io/policy-for";

/**
 * Stands in for the MultiNetworkPolicy controller, which cannot be built here, and does what its source is known to do:
 * rules in the pod's own namespace on INPUT and OUTPUT only; nothing enforced where `policy-for` is missing, names no
 * existing network or one whose first plugin is not enforced; established packets accepted; ICMP dropped unless accepted
 * by option; peers by selector resolve to addresses on the policy's own networks. Returns an nft ruleset for the pod.
 */
export function multiPolicyRules(
  pod: AttachedPod,
  pods: readonly AttachedPod[],
  objects: readonly KubeObject[],
  namespaces: ReadonlyMap<string, Labels>,
  options: MultiPolicyOptions,
): string {
  const policies = objects
    .filter((o) => o.kind === "MultiNetworkPolicy" && (o.metadata.namespace ?? "default") === pod.namespace)
    .filter((o) => selects(specOf(o).podSelector, pod.labels))
    .map((policy) => ({ policy, networks: enforcedNetworks(policy, objects, options.plugins) }))
    .filter(({ networks }) => networks.length > 0);
  const lines: Record<Direction, string[]> = { ingress: [], egress: [] };
  for (const direction of ["ingress", "egress"] as const) {
    const side = direction === "ingress" ? "iifname" : "oifname";
    for (const attachment of pod.attachments) {
      const own = policies.filter(
        ({ policy, networks }) => networks.includes(attachment.network) && isolates(specOf(policy), direction),
      );
      if (own.length === 0) continue;
      const at = `${side} "${attachment.interface}"`;
      lines[direction].push(`${at} ct state established,related accept`);
      if (options.acceptIcmp) lines[direction].push(`${at} meta l4proto icmp accept`);
      if (options.acceptIcmp6) lines[direction].push(`${at} meta l4proto ipv6-icmp accept`);
      for (const { policy, networks } of own) {
        const world = { pods: onNetworks(pods, networks), namespaces };
        for (const match of ruleMatches(specOf(policy), pod.namespace, direction, world)) {
          lines[direction].push(`${at} ${match} accept`);
        }
      }
      lines[direction].push(`${at} counter drop`);
    }
  }
  const chain = (name: string, rules: readonly string[]) =>
    `  chain ${name} {\n    type filter hook ${name} priority filter; policy accept;\n${rules.map((r) => `    ${r}\n`).join("")}  }\n`;
  return `table inet plb-multi-policy
delete table inet plb-multi-policy
table inet plb-multi-policy {
${chain("input", lines.ingress)}${chain("output", lines.egress)}}
`;
}

/** The networks of `policy-for` that the controller enforces: those that exist with a first plugin it knows. */
function enforcedNetworks(policy: KubeObject, objects: readonly KubeObject[], plugins: readonly string[]): string[] {
  const named = (policy.metadata.annotations?.[annotation] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean)
    .map((name) => (name.includes("/") ? name : `${policy.metadata.namespace ?? "default"}/${name}`));
  return named.filter((name) => {
    const nad = objects.find(
      (o) => o.kind === "NetworkAttachmentDefinition" && `${o.metadata.namespace}/${o.metadata.name}` === name,
    );
    return nad !== undefined && plugins.includes(firstPlugin(nad));
  });
}

/** The type of the first plugin of a network's CNI configuration; empty where it cannot be read. */
export function firstPlugin(nad: KubeObject): string {
  try {
    const config = JSON.parse(String(at(nad, "spec", "config"))) as { type?: string; plugins?: { type: string }[] };
    return config.plugins?.[0]?.type ?? config.type ?? "";
  } catch {
    return "";
  }
}

function onNetworks(pods: readonly AttachedPod[], networks: readonly string[]): PolicyPod[] {
  return pods
    .map((pod) => ({
      ...pod,
      addresses: pod.attachments.filter((a) => networks.includes(a.network)).flatMap((a) => a.addresses),
    }))
    .filter((pod) => pod.addresses.length > 0);
}
