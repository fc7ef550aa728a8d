import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../../ir/manifest.ts";
import type { Network, Plan, PlannedPolicyRule } from "../../../ir/plan.ts";
import type { MultiNetworkPolicySupport } from "../../../ir/project.ts";
import { formatCidr } from "../../../net/cidr.ts";
import { formatObjectName } from "../../../net/name.ts";
import { formatService, type Service } from "../../../net/service.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../kubernetes/metadata.ts";
import { multusRules } from "./rules.ts";

/** Ports that a range may be spelt out as. */
const EXPANDED = 64;

/**
 * Policies on the networks themselves. They are emitted only where a controller enforces `plugin`, the CNI type that pods
 * are attached by: anywhere else the controllers log a line and let everything through, which looks like a policy and is
 * none.
 */
export function buildMultiNetworkPolicies(
  plan: Plan,
  network: Network,
  admissions: readonly PlannedPolicyRule[],
  plugin: string,
  found: Diagnostic[],
): readonly Manifest[] {
  const support = plan.cluster.platform.multiNetworkPolicy;
  const audited = plan.audited.includes(network.intent);
  if (admissions.length === 0 || audited) return [];
  // Nothing is forbidden there; a policy of ours would add to those written by hand, and open what they close.
  if (network.role === "external" && network.takesOver.length > 0 && !network.membersApart) return [];
  // Refused, or accepted as a loss, before.
  if (network.limits !== "none" && !support?.plugins.includes(plugin)) return [];
  if (!support?.plugins.includes(plugin)) {
    const parameters = { network: network.intent, attach: plugin, cluster: plan.cluster.name };
    found.push(multusRules.diagnose("policy-not-enforced", network.origin, parameters));
    return [];
  }
  if (network.subnets.length === 0) {
    found.push(multusRules.diagnose("nothing-to-match", network.origin, { network: network.intent }));
    return [];
  }
  // OVN enforces policies itself, and always passes neighbour discovery.
  const byController = plugin !== "ovn-k8s-cni-overlay";
  if (byController && network.subnets.some((subnet) => subnet.family === 6) && !support.acceptIcmp6)
    found.push(
      multusRules.diagnose("icmp6-not-accepted", network.origin, {
        network: network.intent,
        cluster: plan.cluster.name,
      }),
    );
  const members = network.variants.filter((variant) => !variant.forwards);
  const namespaces = [...new Set(members.flatMap((variant) => variant.namespaces))].sort();
  return namespaces.flatMap((namespace) => {
    const names = members
      .filter((variant) => variant.namespaces.includes(namespace))
      .map((variant) => `${namespace}/${variant.name}`);
    const scope = { network, namespace, policyFor: names.join(",") };
    const deny = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
    return [
      policy(scope, `${network.role}-${network.name}-default-deny`, deny),
      ...groupDirections(admissions.filter((one) => one.namespaces.includes(namespace) && one.cidrs.length > 0)).map(
        ([name, group]) =>
          policy(scope, formatObjectName([`${network.role}-${network.name}--${name}`]), specOf(group, support, found)),
      ),
    ];
  });
}

interface Scope {
  readonly network: Network;
  readonly namespace: string;
  readonly policyFor: string;
}

function policy({ network, namespace, policyFor }: Scope, name: string, spec: unknown): Manifest {
  return buildManifest(
    {
      apiVersion: "k8s.cni.cncf.io/v1beta1",
      kind: "MultiNetworkPolicy",
      template: "multus/multi-network-policy",
      file: formatIntentPath(network.role, network.intent),
    },
    {
      name: formatObjectName([name]),
      namespace,
      wave: SYNC_WAVES.policy,
      annotations: { "k8s.v1.cni.cncf.io/policy-for": policyFor },
    },
    network,
    { spec },
  );
}

/** Both directions of one rule for the same pods are one object. */
function groupDirections(
  admissions: readonly PlannedPolicyRule[],
): readonly (readonly [string, readonly PlannedPolicyRule[]])[] {
  const groups = new Map<string, PlannedPolicyRule[]>();
  for (const admission of admissions) {
    const key = `${admission.name} ${JSON.stringify(admission.pods)}`;
    const list = groups.get(key);
    if (list) list.push(admission);
    else groups.set(key, [admission]);
  }
  const used = new Map<string, number>();
  return [...groups.values()].map((group) => {
    const name = group[0]?.name ?? "";
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    // The name of a rule has no dot.
    return [count === 1 ? name : `${name}.${count}`, group] as const;
  });
}

function specOf(group: readonly PlannedPolicyRule[], support: MultiNetworkPolicySupport, found: Diagnostic[]): unknown {
  const side = (direction: "ingress" | "egress", peers: "from" | "to") => {
    const rules = group
      .filter((one) => one.direction === direction)
      .map((one) => ({
        [peers]: one.cidrs.map((cidr) => ({ ipBlock: { cidr: formatCidr(cidr) } })),
        ...portsOf(one, support, found),
      }));
    return rules.length > 0 ? { [direction]: rules } : {};
  };
  const types = (["ingress", "egress"] as const).filter((direction) =>
    group.some((one) => one.direction === direction),
  );
  return {
    podSelector: group[0]?.pods ?? {},
    policyTypes: types.map((type) => (type === "ingress" ? "Ingress" : "Egress")),
    ...side("ingress", "from"),
    ...side("egress", "to"),
  };
}

function portsOf(
  admission: PlannedPolicyRule,
  support: MultiNetworkPolicySupport,
  found: Diagnostic[],
): Readonly<Record<string, unknown>> {
  if (admission.services.length === 0) return {};
  return { ports: admission.services.flatMap((service) => expandPorts(service, admission, support, found)) };
}

/** `endPort` is not in the served v1beta1 schema upstream, so a range is spelt out unless the platform says otherwise. */
function expandPorts(
  service: Service,
  admission: PlannedPolicyRule,
  support: MultiNetworkPolicySupport,
  found: Diagnostic[],
): readonly unknown[] {
  const protocol = service.protocol.toUpperCase();
  const count = service.last - service.first + 1;
  if (count === 1) return [{ protocol, port: service.first }];
  if (support.endPort) return [{ protocol, port: service.first, endPort: service.last }];
  if (count > EXPANDED) {
    found.push(multusRules.diagnose("range-too-wide", admission.origin, { ports: formatService(service), count }));
    return [];
  }
  return Array.from({ length: count }, (_none, index) => ({ protocol, port: service.first + index }));
}
