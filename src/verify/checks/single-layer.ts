import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { computeFlows } from "../dataplane/compute-flows.ts";
import type { Flow, OutsideFlow } from "../dataplane/flow.ts";
import { computeOutsideFlows } from "../dataplane/outside-flows.ts";
import { computePrimaryFlows } from "../dataplane/primary-flows.ts";
import { buildSecondaryModel } from "../dataplane/secondary-model.ts";
import { buildExpectedIndex, type ExpectedIndex } from "../expected/expected-index.ts";
import { anyService, echoService, subtractServices } from "../headerspace/service-set.ts";
import { groupByDomain } from "../model/domains.ts";
import type { Model } from "../model/model.ts";
import { findPrimaryInterface, type Node } from "../model/pods/node.ts";
import type { PodPolicy } from "../model/policies/pod-policy.ts";
import { matchEverything } from "../model/policies/selector.ts";
import { verifyRules } from "../rules.ts";
import { checkUnexpectedOutside, checkUnexpectedPrimary } from "./compare-primary.ts";
import { checkUnexpectedSecondary } from "./compare-secondary.ts";

/**
 * A border of two layers must be closed by each of them alone: otherwise a slip in the one goes unnoticed until the other
 * slips too. Each layer is taken away in turn, and what then gets through must still be what is meant.
 */
export function checkSingleLayers(model: Model, watched: ExpectedIndex): readonly Diagnostic[] {
  return [
    ...gatewaysAlone(model, watched),
    ...withoutFirewallRules(model, watched),
    ...withoutAdminTier(model, watched),
    ...reopenedByTenants(model, watched),
    ...mainNetworks(model, watched),
  ];
}

/** The same findings, but of a cluster that has one layer less. */
function checkRelayed(found: readonly Diagnostic[], layer: string): readonly Diagnostic[] {
  return found.map((one) => {
    const { message, notes, place, related } = one;
    return verifyRules.diagnose("one-layer-open", place, { layer, what: message }, { notes, related });
  });
}

/** The gateways alone: no MultiNetworkPolicy, and senders that route whatever they like to them. */
function gatewaysAlone(model: Model, watched: ExpectedIndex): readonly Diagnostic[] {
  if (!model.nodes.some((node) => node.type === "gateway")) return [];
  const bare = { ...model, policies: { ...model.policies, multi: new Map() } };
  const { secondary, asymmetric } = computeFlows(bare, {
    secondaryOnly: true,
    onlyAcross: true,
    anyRoute: true,
    podClass: watched.podClass,
  });
  // A datagram that is never answered has arrived all the same.
  const flows = [...secondary, ...asymmetric];
  const crossing = flows.filter(
    (flow) => flow.through.length > 0 || (flow.to.type === "node" && flow.to.node.type === "gateway"),
  );
  return checkRelayed(checkUnexpectedSecondary(crossing, watched), "MultiNetworkPolicy or a missing route");
}

/** Firewalls that let everything through: then the policies of the pods themselves must hold. */
function withoutFirewallRules(model: Model, watched: ExpectedIndex): readonly Diagnostic[] {
  const plugins = model.platform.multiNetworkPolicy?.plugins ?? [];
  if (plugins.length === 0 || !model.nodes.some(isFirewall)) return [];
  // What tells pods apart on their networks does not change with the rules of firewalls.
  const merged = buildSecondaryModel(model, watched.podClass);
  const nodes = merged.nodes.map((node): Node => (isFirewall(node) ? openForwardChain(node) : node));
  const bare: Model = { ...merged, nodes, domains: groupByDomain(nodes) };
  const held = (flow: Flow) => {
    const ends = [flow.from, flow.to].map((end) => (end.type === "node" ? end.node : undefined));
    const guarded = ends.some((node) =>
      node?.interfaces.some(
        (one) =>
          one.network && plugins.includes(one.network.plugin) && one.type === "attachment" && node.type === "workload",
      ),
    );
    // The controllers accept ICMPv6 as a whole, or not at all.
    const left = flow.sent.family === 6 ? subtractServices(flow.sent.services, echoService) : flow.sent.services;
    return guarded && flow.through.length > 0 && left.length > 0 && watched.findZone(flow.to) !== undefined;
  };
  const flows = computeFlows(bare, { secondaryOnly: true, onlyAcross: true })
    .secondary.filter(held)
    .map((flow) => withoutEcho(flow));
  return checkRelayed(checkUnexpectedSecondary(flows, sayable(watched)), "the firewall's rules");
}

function isFirewall({ runtime }: Node): boolean {
  return runtime.ruleset !== undefined && runtime.tunnels.size === 0;
}

/** A policy has no word for ICMP: where it is meant, the peer is opened as a whole, and that was said. */
function sayable(of: ExpectedIndex): ExpectedIndex {
  const flows = of.expected.flows.map((one) =>
    one.services.some((service) => service.protocol === "icmp") ? { ...one, services: [] } : one,
  );
  return buildExpectedIndex({ ...of.expected, flows });
}

function withoutEcho(flow: Flow): Flow {
  if (flow.sent.family === 4) return flow;
  const services = subtractServices(flow.sent.services, echoService);
  return { ...flow, sent: { ...flow.sent, services }, arrived: { ...flow.arrived, services } };
}

function openForwardChain(node: Node): Node {
  const tables = (node.runtime.ruleset?.tables ?? []).map((table) => {
    const chains = [...table.chains].map(([name, chain]) => {
      if (chain.base?.hook !== "forward") return [name, chain] as const;
      return [name, { ...chain, rules: [], base: { ...chain.base, policy: "accept" as const } }] as const;
    });
    return { ...table, chains: new Map(chains) };
  });
  return { ...node, runtime: { ...node.runtime, ruleset: { tables } } };
}

function withoutAdminTier(model: Model, watched: ExpectedIndex): readonly Diagnostic[] {
  if (model.policies.admin.length === 0) return [];
  const bare: Model = { ...model, policies: { ...model.policies, admin: [] } };
  const found = [
    ...checkUnexpectedPrimary(computePrimaryFlows(bare), watched),
    ...checkUnexpectedOutside(computeOutsideFlows(bare), watched),
  ];
  return checkRelayed(found, "the admin tier");
}

/**
 * Tenants who open everything in their namespaces: the admin tier alone must hold then. It has no word for sources outside
 * of the cluster, and holds no gateways: only the rest is asked.
 */
function reopenedByTenants(model: Model, watched: ExpectedIndex): readonly Diagnostic[] {
  if (model.platform.adminPolicy === "none") return [];
  // Nobody else writes in namespaces of gateways; opened, each of them would reach each other.
  const gateways = new Set(watched.expected.gatewayNamespaces.map((one) => one.name));
  const pod = openedByTenants(model, gateways);
  const nodes = model.nodes.filter((node) => node.type !== "gateway");
  const bare: Model = { ...model, nodes, policies: { ...model.policies, pod } };
  const found = [
    ...checkUnexpectedPrimary(computePrimaryFlows(bare), watched),
    ...checkUnexpectedOutside(
      listOutgoing(bare, (node) => watched.zones.has(node.namespace)),
      watched,
    ),
  ];
  return checkRelayed(found, "a NetworkPolicy that its tenants can add to");
}

/** What some pods send out of the cluster. */
function listOutgoing(model: Model, concerned: (node: Node) => boolean): readonly OutsideFlow[] {
  return computeOutsideFlows(model).flatMap((flow) => {
    const nodes = flow.direction === "egress" ? flow.nodes.filter(concerned) : [];
    return nodes.length > 0 ? [{ ...flow, nodes }] : [];
  });
}

/** Policies of pods, and in every namespace but those that are kept one more that lets everything through. */
function openedByTenants(model: Model, kept: ReadonlySet<string> = new Set()): Model["policies"]["pod"] {
  const rule = { index: 0, peers: undefined, services: anyService, named: [] };
  const added = (namespace: string, policies: readonly PodPolicy[]): PodPolicy => {
    const { manifest } = policies[0] as PodPolicy;
    return { manifest, namespace, pods: matchEverything, ingress: [rule], egress: [rule] };
  };
  const pod = new Map<string, PodPolicy[]>();
  for (const [namespace, policies] of model.policies.pod)
    pod.set(namespace, [...policies, ...(kept.has(namespace) ? [] : [added(namespace, policies)])]);
  return pod;
}

/** Where an EgressFirewall holds beside the policies. */
function hasFirewall(node: Node): boolean {
  return findPrimaryInterface(node)?.network?.plugin === "ovn-k8s-cni-overlay";
}

/** Pods on a main network of OVN-Kubernetes: what leaves is held by policies and by a firewall, each for itself. */
function mainNetworks(model: Model, watched: ExpectedIndex): readonly Diagnostic[] {
  if (!model.nodes.some(hasFirewall)) return [];
  const policies = { ...model.policies, egress: new Map(), admin: [] };
  const firewall = { ...model.policies, pod: openedByTenants(model), admin: [] };
  return [
    ...checkRelayed(
      checkUnexpectedOutside(listOutgoing({ ...model, policies }, hasFirewall), watched),
      "what is no NetworkPolicy",
    ),
    ...checkRelayed(
      checkUnexpectedOutside(listOutgoing({ ...model, policies: firewall }, hasFirewall), withShortRanges(watched)),
      "what is no firewall of its namespace",
    ),
  ];
}

/** Ports of a firewall are single ones; a range too long to be spelt out is open there as a whole. */
const SPELT = 64;

function withShortRanges(of: ExpectedIndex): ExpectedIndex {
  const long = ({ first, last }: { first: number; last: number }) => last - first >= SPELT;
  const flows = of.expected.flows.map((one) => (one.services.some(long) ? { ...one, services: [] } : one));
  return buildExpectedIndex({ ...of.expected, flows });
}
