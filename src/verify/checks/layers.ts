import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { allFlows } from "../dataplane/all-flows.ts";
import { attachedModel } from "../dataplane/attached-model.ts";
import { defaultFlows } from "../dataplane/default-flows.ts";
import type { Flow, OutsideFlow } from "../dataplane/flow.ts";
import { outsideFlows } from "../dataplane/outside-flows.ts";
import { type Watch, watch } from "../expected/index.ts";
import { anyService, echo, withoutServices } from "../headerspace/service-set.ts";
import { domainsOf } from "../model/domains.ts";
import type { Model } from "../model/model.ts";
import { mainOf, type Node } from "../model/pods/node.ts";
import type { PodPolicy } from "../model/policies/pod-policy.ts";
import { everything } from "../model/policies/selector.ts";
import { verifyRules } from "../rules.ts";
import { unexpectedAttached } from "./compare-attached.ts";
import { unexpectedOnDefault, unexpectedOutside } from "./compare-default.ts";

/**
 * A border of two layers must be closed by each of them alone: otherwise a slip in the one goes unnoticed until the other
 * slips too. Each layer is taken away in turn, and what then gets through must still be what is meant.
 */
export function layers(model: Model, watched: Watch): readonly Diagnostic[] {
  return [
    ...gatewaysAlone(model, watched),
    ...withoutFirewallRules(model, watched),
    ...withoutAdminTier(model, watched),
    ...reopenedByTenants(model, watched),
    ...mainNetworks(model, watched),
  ];
}

/** The same findings, but of a cluster that has one layer less. */
function relayed(found: readonly Diagnostic[], layer: string): readonly Diagnostic[] {
  return found.map((one) => {
    const { message, notes, place, related } = one;
    return verifyRules.diagnose("one-layer-open", place, { layer, what: message }, { notes, related });
  });
}

/** The gateways alone: no MultiNetworkPolicy, and senders that route whatever they like to them. */
function gatewaysAlone(model: Model, watched: Watch): readonly Diagnostic[] {
  if (!model.nodes.some((node) => node.type === "gateway")) return [];
  const bare = { ...model, policies: { ...model.policies, multi: new Map() } };
  const { attached, oneWay } = allFlows(bare, {
    onlyAttached: true,
    onlyAcross: true,
    anyRoute: true,
    told: watched.told,
  });
  // A datagram that is never answered has arrived all the same.
  const flows = [...attached, ...oneWay];
  const crossing = flows.filter(
    (flow) => flow.through.length > 0 || (flow.to.type === "node" && flow.to.node.type === "gateway"),
  );
  return relayed(unexpectedAttached(crossing, watched), "MultiNetworkPolicy or a missing route");
}

/** Firewalls that let everything through: then the policies of the pods themselves must hold. */
function withoutFirewallRules(model: Model, watched: Watch): readonly Diagnostic[] {
  const plugins = model.platform.multiNetworkPolicy?.plugins ?? [];
  if (plugins.length === 0 || !model.nodes.some(isFirewall)) return [];
  // What tells pods apart on their networks does not change with the rules of firewalls.
  const merged = attachedModel(model, watched.told);
  const nodes = merged.nodes.map((node): Node => (isFirewall(node) ? opened(node) : node));
  const bare: Model = { ...merged, nodes, domains: domainsOf(nodes) };
  const held = (flow: Flow) => {
    const ends = [flow.from, flow.to].map((end) => (end.type === "node" ? end.node : undefined));
    const guarded = ends.some((node) =>
      node?.interfaces.some(
        (one) =>
          one.network && plugins.includes(one.network.plugin) && one.type === "attachment" && node.type === "workload",
      ),
    );
    // The controllers accept ICMPv6 as a whole, or not at all.
    const left = flow.asked.family === 6 ? withoutServices(flow.asked.services, echo) : flow.asked.services;
    return guarded && flow.through.length > 0 && left.length > 0 && watched.zoneOf(flow.to) !== undefined;
  };
  const flows = allFlows(bare, { onlyAttached: true, onlyAcross: true })
    .attached.filter(held)
    .map((flow) => trimmed(flow));
  return relayed(unexpectedAttached(flows, sayable(watched)), "the firewall's rules");
}

function isFirewall({ runtime }: Node): boolean {
  return runtime.ruleset !== undefined && runtime.tunnels.size === 0;
}

/** A policy has no word for ICMP: where it is meant, the peer is opened as a whole, and that was said. */
function sayable(of: Watch): Watch {
  const flows = of.meaning.flows.map((one) =>
    one.services.some((service) => service.protocol === "icmp") ? { ...one, services: [] } : one,
  );
  return watch({ ...of.meaning, flows });
}

function trimmed(flow: Flow): Flow {
  if (flow.asked.family === 4) return flow;
  const services = withoutServices(flow.asked.services, echo);
  return { ...flow, asked: { ...flow.asked, services }, arrived: { ...flow.arrived, services } };
}

function opened(node: Node): Node {
  const tables = (node.runtime.ruleset?.tables ?? []).map((table) => {
    const chains = [...table.chains].map(([name, chain]) => {
      if (chain.base?.hook !== "forward") return [name, chain] as const;
      return [name, { ...chain, rules: [], base: { ...chain.base, policy: "accept" as const } }] as const;
    });
    return { ...table, chains: new Map(chains) };
  });
  return { ...node, runtime: { ...node.runtime, ruleset: { tables } } };
}

function withoutAdminTier(model: Model, watched: Watch): readonly Diagnostic[] {
  if (model.policies.admin.length === 0) return [];
  const bare: Model = { ...model, policies: { ...model.policies, admin: [] } };
  const found = [
    ...unexpectedOnDefault(defaultFlows(bare), watched),
    ...unexpectedOutside(outsideFlows(bare), watched),
  ];
  return relayed(found, "the admin tier");
}

/**
 * Tenants who open everything in their namespaces: the admin tier alone must hold then. It has no word for sources outside
 * of the cluster, and holds no gateways: only the rest is asked.
 */
function reopenedByTenants(model: Model, watched: Watch): readonly Diagnostic[] {
  if (model.platform.adminPolicy === "none") return [];
  // Nobody else writes in namespaces of gateways; opened, each of them would reach each other.
  const gateways = new Set(watched.meaning.gatewayNamespaces.map((one) => one.name));
  const pod = openedByTenants(model, gateways);
  const nodes = model.nodes.filter((node) => node.type !== "gateway");
  const bare: Model = { ...model, nodes, policies: { ...model.policies, pod } };
  const found = [
    ...unexpectedOnDefault(defaultFlows(bare), watched),
    ...unexpectedOutside(
      leaving(bare, (node) => watched.zones.has(node.namespace)),
      watched,
    ),
  ];
  return relayed(found, "a NetworkPolicy that its tenants can add to");
}

/** What some pods send out of the cluster. */
function leaving(model: Model, concerned: (node: Node) => boolean): readonly OutsideFlow[] {
  return outsideFlows(model).flatMap((flow) => {
    const nodes = flow.direction === "egress" ? flow.nodes.filter(concerned) : [];
    return nodes.length > 0 ? [{ ...flow, nodes }] : [];
  });
}

/** Policies of pods, and in every namespace but those that are kept one more that lets everything through. */
function openedByTenants(model: Model, kept: ReadonlySet<string> = new Set()): Model["policies"]["pod"] {
  const rule = { index: 0, peers: undefined, services: anyService, named: [] };
  const added = (namespace: string, policies: readonly PodPolicy[]): PodPolicy => {
    const { manifest } = policies[0] as PodPolicy;
    return { manifest, namespace, pods: everything, ingress: [rule], egress: [rule] };
  };
  const pod = new Map<string, PodPolicy[]>();
  for (const [namespace, policies] of model.policies.pod)
    pod.set(namespace, [...policies, ...(kept.has(namespace) ? [] : [added(namespace, policies)])]);
  return pod;
}

/** Where an EgressFirewall holds beside the policies. */
function hasFirewall(node: Node): boolean {
  return mainOf(node)?.network?.plugin === "ovn-k8s-cni-overlay";
}

/** Pods on a main network of OVN-Kubernetes: what leaves is held by policies and by a firewall, each for itself. */
function mainNetworks(model: Model, watched: Watch): readonly Diagnostic[] {
  if (!model.nodes.some(hasFirewall)) return [];
  const policies = { ...model.policies, egress: new Map(), admin: [] };
  const firewall = { ...model.policies, pod: openedByTenants(model), admin: [] };
  return [
    ...relayed(unexpectedOutside(leaving({ ...model, policies }, hasFirewall), watched), "what is no NetworkPolicy"),
    ...relayed(
      unexpectedOutside(leaving({ ...model, policies: firewall }, hasFirewall), withShortRanges(watched)),
      "what is no firewall of its namespace",
    ),
  ];
}

/** Ports of a firewall are single ones; a range too long to be spelt out is open there as a whole. */
const SPELT = 64;

function withShortRanges(of: Watch): Watch {
  const long = ({ first, last }: { first: number; last: number }) => last - first >= SPELT;
  const flows = of.meaning.flows.map((one) => (one.services.some(long) ? { ...one, services: [] } : one));
  return watch({ ...of.meaning, flows });
}
