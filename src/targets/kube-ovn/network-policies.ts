import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../ir/manifest.ts";
import type { DefaultDenyZone, Network, Plan, PlannedPolicyRule, ZoneOpening, ZoneOpeningPeer } from "../../ir/plan.ts";
import { type CidrIndex, createCidrIndex } from "../../net/cidr-index.ts";
import { formatObjectName } from "../../net/name.ts";
import { buildMultiNetworkPolicies } from "../shared/cni/multi-network-policies.ts";
import { kubeOvnRules } from "./rules.ts";
import { listNamespaces } from "./underlay.ts";

/** What controllers of MultiNetworkPolicy call attachments of Kube-OVN. */
const PLUGIN = "kube-ovn";

/** Which of a pod's networks Kube-OVN holds a NetworkPolicy to (after 1.15): `ovn` is the main one. */
export const POLICY_FOR = "ovn.kubernetes.io/network_policy_for";

/** What Kube-OVN does with the rules of a network's own policies: OVN lets neighbours of IPv6 find each other by itself. */
const SUPPORT = { plugins: [PLUGIN], endPort: true, acceptIcmp6: true };

/**
 * Policies on a network: NetworkPolicies that Kube-OVN holds to it alone, where it reads which those are, and
 * MultiNetworkPolicies elsewhere, where somebody enforces them.
 */
export function buildNetworkPolicies(
  plan: Plan,
  network: Network,
  admissions: readonly PlannedPolicyRule[],
  found: Diagnostic[],
): readonly Manifest[] {
  const { cluster } = plan;
  const { kubeOvn, multiNetworkPolicy } = cluster.platform;
  if (!kubeOvn.policyFor && multiNetworkPolicy?.plugins.includes(PLUGIN))
    return buildMultiNetworkPolicies(plan, network, admissions, PLUGIN, found);
  if (!kubeOvn.policyFor) {
    // Those of a zone hold on all networks of its pods, so they close its own to all but themselves.
    if (admissions.length > 0 && network.role !== "zone" && isClosed(network)) {
      const parameters = { network: network.intent, cluster: cluster.name };
      found.push(kubeOvnRules.diagnose("policy-not-enforced", network.origin, parameters));
    }
    return [];
  }
  const platform = { ...cluster.platform, multiNetworkPolicy: SUPPORT };
  const policies = buildMultiNetworkPolicies(
    { ...plan, cluster: { ...cluster, platform } },
    network,
    admissions,
    PLUGIN,
    found,
  );
  return policies.map((one): Manifest => {
    const { "k8s.v1.cni.cncf.io/policy-for": networks = "", ...annotations } = one.metadata.annotations ?? {};
    const metadata = { ...one.metadata, name: formatObjectName(["net", one.metadata.name]), annotations };
    const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", template: "kubernetes/network-policy" };
    return heldTo(networks, { ...one, ...policy, metadata });
  });
}

/** Where a network was there before, nothing is forbidden on it unless its members are kept apart. */
function isClosed({ takesOver, membersApart }: Network): boolean {
  return takesOver.length === 0 || membersApart;
}

/** Zones whose policies, which Kube-OVN holds on every network of a pod, would close their own networks to their members. */
export function checkOwnNetworks(plan: Plan, attached: readonly Network[], found: Diagnostic[]): void {
  if (plan.cluster.platform.kubeOvn.policyFor) return;
  const used = new Set(attached.map((one) => one.intent));
  for (const boundary of plan.zones) {
    const { intent, name, audit, origin } = boundary;
    if (audit || !used.has(intent) || isOpenInside(boundary)) continue;
    found.push(kubeOvnRules.diagnose("closes-its-own", origin, { zone: name }));
  }
}

/** Policies of a zone's default network, which Kube-OVN would hold on every other network of its pods as well. */
export function limitToPrimary(plan: Plan, manifests: readonly Manifest[]): readonly Manifest[] {
  if (!plan.cluster.platform.kubeOvn.policyFor) return manifests;
  return manifests.map((one) => (one.kind === "NetworkPolicy" ? heldTo("ovn", one) : one));
}

function heldTo(networks: string, one: Manifest): Manifest {
  const annotations = { ...one.metadata.annotations, [POLICY_FOR]: networks };
  return { ...one, metadata: { ...one.metadata, annotations } };
}

/**
 * What a zone's admin policy has to pass, since it holds on every network and no annotation narrows it: addresses that its
 * pods may reach on external networks or by a gateway, and pods of other networks of Kube-OVN that may reach them by one, as
 * it knows their addresses; and members of the zone, for its own network, where eth0 is closed to them. On the main network the
 * zone's NetworkPolicies go on denying all of them.
 */
export function listPassedOpenings(boundary: DefaultDenyZone, plan: Plan): readonly ZoneOpening[] {
  if (!plan.cluster.platform.kubeOvn.policyFor) return [];
  const { namespaces } = boundary;
  const { byNamespace, networks, attached } = besideOf(plan);
  const own = new Set(namespaces.flatMap((namespace) => byNamespace.get(namespace) ?? []));
  const inOrder = [...own].sort((a, b) => a - b);
  const inside = attached.has(boundary.intent) && !isOpenInside(boundary) ? amongMembers(boundary) : [];
  const others = inOrder.flatMap((index): readonly ZoneOpening[] => {
    const one = plan.policyRules[index] as PlannedPolicyRule;
    const peer = peerOf(one, networks);
    if (!peer) return [];
    const { intent, name, direction, pods, services, origin } = one;
    const of = `${intent.slice(intent.indexOf("/") + 1)}-`;
    const whole = name.startsWith(of) ? name : of + name;
    return [{ origin, standing: false, name: whole, direction, pods, peer, services }];
  });
  return [...inside, ...others];
}

function isOpenInside({ openings }: DefaultDenyZone): boolean {
  return openings.some((one) => one.standing && one.name === "same-zone");
}

function amongMembers({ namespaces, origin }: DefaultDenyZone): readonly ZoneOpening[] {
  const peer: ZoneOpeningPeer = { type: "namespaces", names: [...new Set(namespaces)].sort(), pods: undefined };
  const base = { origin, standing: false, name: "same-zone", pods: {}, peer, services: [] };
  return [
    { ...base, direction: "ingress" },
    { ...base, direction: "egress" },
  ];
}

interface Beside {
  /** Intents whose networks are beside the main one. */
  readonly attached: ReadonlySet<string>;
  /** Which of the plan's admissions are on external networks or by gateways, by the namespace of the pods. */
  readonly byNamespace: ReadonlyMap<string, readonly number[]>;
  readonly networks: CidrIndex<Network>;
}

const indexes = new WeakMap<Plan, Beside>();

/** Looked up for every zone, so made once. */
function besideOf(plan: Plan): Beside {
  const known = indexes.get(plan);
  if (known) return known;
  const external = new Set(plan.networks.filter((one) => one.role === "external").map((one) => one.intent));
  const byNamespace = new Map<string, number[]>();
  for (const [index, one] of plan.policyRules.entries()) {
    if (one.cidrs.length === 0 || (!external.has(one.network) && one.intent === one.network)) continue;
    for (const namespace of one.namespaces) {
      const list = byNamespace.get(namespace);
      if (list) list.push(index);
      else byNamespace.set(namespace, [index]);
    }
  }
  const subnets = plan.networks.flatMap((one) => one.subnets.map((subnet) => [subnet, one] as const));
  const attached = new Set(plan.networks.filter((one) => one.link.separation !== "overlay").map((one) => one.intent));
  const made = { byNamespace, networks: createCidrIndex(subnets), attached };
  indexes.set(plan, made);
  return made;
}

/** Who comes in can be named by its namespace alone; who is on no network of Kube-OVN, nothing there denies. */
function peerOf(
  { direction, cidrs, network }: PlannedPolicyRule,
  networks: CidrIndex<Network>,
): ZoneOpeningPeer | undefined {
  if (direction === "egress") return { type: "cidrs", cidrs };
  const far = cidrs.flatMap((one) => networks.findOverlapping(one)).filter((one) => one.intent !== network);
  const names = [...new Set(far.flatMap(listNamespaces))].sort();
  return names.length > 0 ? { type: "namespaces", names, pods: undefined } : undefined;
}
