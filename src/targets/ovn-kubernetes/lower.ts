import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ImmutableField, InterfaceManifests, LoweredObjects, Manifest, PodInterface } from "../../ir/manifest.ts";
import type { DefaultDenyZone, Handoff, Network, Plan } from "../../ir/plan.ts";
import { buildMultusPatches } from "../multus/pod-patches.ts";
import { buildMultiNetworkPolicies } from "../shared/cni/multi-network-policies.ts";
import { groupPolicyRules } from "../shared/cni/policy-rules-by-network.ts";
import { buildGatewayManifests } from "../shared/kubernetes/gateway/gateway-manifests.ts";
import { buildNamespaces } from "../shared/kubernetes/namespaces.ts";
import { buildZoneManifests } from "../shared/kubernetes/zone-manifests.ts";
import type { LowerContext } from "../target.ts";
import { buildOvnAdmissionPolicies } from "./admission-policies.ts";
import { checkLocalnet } from "./check-localnet.ts";
import {
  BLOCKS,
  buildLocalnets,
  buildPrimaryNetwork,
  computePrimaryBlocks,
  formatClusterNetworkName,
  listExcludedBlocks,
  UDN,
} from "./cluster-network.ts";
import { buildEgressFirewalls } from "./egress-firewall.ts";
import { buildForwardingNetworks } from "./forwarding.ts";
import { createOvnInterfaceBuilder } from "./gateway-interfaces.ts";
import { listImmutableFields } from "./immutable-fields.ts";
import { adaptToPrimaryNetwork, checkPrimaryNetwork, PRIMARY_LABEL } from "./primary-network.ts";
import { ovnRules } from "./rules.ts";

/** What OVN-Kubernetes attaches pods by, as controllers of MultiNetworkPolicy call it. */
const PLUGIN = "ovn-k8s-cni-overlay";

/** A plan as ClusterUserDefinedNetworks: overlays as main networks of namespaces, VLANs and uplinks by annotation. */
export function lowerToOvn(plan: Plan, beside: LowerContext): LoweredObjects {
  const found: Diagnostic[] = [];
  const { platform, name: cluster } = plan.cluster;
  // It makes a NetworkAttachmentDefinition in each namespace, and keeps its finalizers on the networks.
  if (plan.zones.length > 0 && platform.networkWriters.length === 0)
    found.push(ovnRules.diagnose("no-writer", plan.networks[0]?.origin, { cluster }));
  const overlays = new Map(plan.networks.filter(isOverlay).map((network) => [network.intent, network]));
  const labels = new Map(
    plan.zones
      .filter((one) => overlays.has(one.intent))
      .flatMap((one) => one.namespaces.map((name) => [name, { [PRIMARY_LABEL]: "" }] as const)),
  );
  const manifests: Manifest[] = [...buildNamespaces(plan.namespaces, labels)];
  const fixed: ImmutableField[] = [];
  for (const boundary of plan.zones) {
    const network = overlays.get(boundary.intent);
    manifests.push(
      ...(network ? mainNetwork(network, boundary, plan, found) : buildZoneManifests(boundary, plan, found)),
    );
  }
  const enforced = beside.zones.filter((one) => !one.audit).flatMap((one) => one.namespaces);
  manifests.push(...buildOvnAdmissionPolicies([...labels.keys()], enforced));
  const attached = plan.networks.filter((network) => !isOverlay(network));
  const admissions = groupPolicyRules(plan.policyRules);
  for (const network of attached) {
    checkLocalnet(network, found);
    if (network.variants.length === 0) continue;
    const name = formatClusterNetworkName(network);
    manifests.push(...buildLocalnets(network, hasMachines(network, plan)));
    manifests.push(
      ...buildMultiNetworkPolicies(plan, asOne(network, name), admissions.get(network.intent) ?? [], PLUGIN, found),
    );
  }
  manifests.push(...buildForwardingNetworks(plan), ...ownGateways(plan, beside));
  for (const network of plan.networks) {
    const blocks = (isOverlay(network) ? computePrimaryBlocks(network).reserved : listExcludedBlocks(network)).length;
    if (blocks > BLOCKS)
      found.push(ovnRules.diagnose("too-scattered", network.origin, { network: network.intent, found: blocks }));
    if (network.variants.length === 0) continue;
    const { mtu } = platform.podNetwork;
    fixed.push(
      ...listImmutableFields(network, { mtu: isOverlay(network) && network.mtu === mtu ? undefined : network.mtu }),
    );
  }
  const patches = buildMultusPatches(...patchesOf(plan, attached, manifests), found);
  return { manifests, patches, objectsOf, diagnostics: found, fixed, links: attached.flatMap(bridgeHandoffs) };
}

/** Gateways of this target, on their pods with interfaces that other targets give them. */
function ownGateways(plan: Plan, beside: LowerContext): readonly Manifest[] {
  const own = new Set(plan.networks.map((network) => network.intent));
  const legsHere = createOvnInterfaceBuilder(plan);
  return plan.gateways.flatMap((gateway) => {
    const isHere = gateway.legs.some((leg) => own.has(leg.network));
    return buildGatewayManifests(gateway, plan.cluster.platform, (member) => [
      ...(isHere ? [legsHere(gateway, member)] : []),
      ...beside.crossTargetInterfaces(gateway, member),
    ]);
  });
}

/** Beside the default network by name; a main network's interface has a name of OVN's own, and eth0 is for probes. */
function objectsOf({ network }: PodInterface): InterfaceManifests {
  return {
    object: { apiVersion: UDN, kind: "ClusterUserDefinedNetwork", name: formatClusterNetworkName(network) },
    attach: isOverlay(network) ? "overlay" : "ovs",
    ...(isOverlay(network) && { main: { interface: "ovn-udn1" } }),
  };
}

function isOverlay(network: Network): boolean {
  return network.link.separation === "overlay";
}

function hasMachines(network: Network, plan: Plan): boolean {
  return plan.attachments.some((one) => one.network === network.intent && one.workload.kind === "VirtualMachine");
}

function mainNetwork(
  network: Network,
  boundary: DefaultDenyZone,
  plan: Plan,
  found: Diagnostic[],
): readonly Manifest[] {
  const { platform } = plan.cluster;
  checkPrimaryNetwork(network, boundary, found);
  const inner = adaptToPrimaryNetwork(boundary, platform);
  return [
    ...(network.variants.length > 0 ? [buildPrimaryNetwork(network, boundary, platform.podNetwork.mtu)] : []),
    ...buildZoneManifests(inner, plan, found),
    ...buildEgressFirewalls(inner, network),
  ];
}

/** OVN knows a network under one name, however its pods are given addresses. Policies are for its members, and no gateway's. */
function asOne(network: Network, name: string): Network {
  const members = network.variants.filter((variant) => !variant.forwards);
  const namespaces = [...new Set(members.flatMap((variant) => variant.namespaces))].sort();
  return { ...network, variants: members.slice(0, 1).map((variant) => ({ ...variant, name, namespaces })) };
}

/** Pods name the network's object; a change of what it says rolls them. */
function patchesOf(plan: Plan, networks: readonly Network[], manifests: readonly Manifest[]) {
  const names = new Map(networks.map((network) => [network.intent, formatClusterNetworkName(network)]));
  const attachments = plan.attachments.flatMap((one) => {
    const variant = names.get(one.network);
    return variant === undefined ? [] : [{ ...one, variant }];
  });
  const specs = new Map(
    manifests
      .filter((one) => one.kind === "ClusterUserDefinedNetwork")
      .map((one) => [one.metadata.name, JSON.stringify(one.data.body)]),
  );
  const configurations = new Map(
    attachments.map(({ workload, variant }) => [`${workload.namespace}/${variant}`, specs.get(variant) ?? ""]),
  );
  const own = new Map(networks.map((network) => [network.intent, network]));
  return [{ ...plan, attachments, gateways: [] }, own, configurations] as const;
}

function bridgeHandoffs({ link, intent, origin }: Network): readonly Handoff[] {
  const nodes = Object.entries(link.nodes?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const where = nodes.length > 0 ? `the nodes with ${nodes.join(", ")}` : "every node";
  const text = `on ${where}, make an Open vSwitch bridge with the port \`${link.parent}\`, and map \`${link.physicalNetwork}\` to it in \`ovn-bridge-mappings\``;
  return [{ intent, origin, topic: "link", text }];
}
