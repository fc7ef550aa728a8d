import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { InterfaceManifests, LoweredObjects, Manifest, PodInterface } from "../../ir/manifest.ts";
import type { Handoff, Network, Plan } from "../../ir/plan.ts";
import { buildMultusPatches } from "../multus/pod-patches.ts";
import { groupPolicyRules } from "../shared/cni/policy-rules-by-network.ts";
import { buildGatewayManifests } from "../shared/kubernetes/gateway/gateway-manifests.ts";
import { buildNamespaces } from "../shared/kubernetes/namespaces.ts";
import { buildZoneManifests } from "../shared/kubernetes/zone-manifests.ts";
import type { LowerContext } from "../target.ts";
import { addFixedAddresses, groupFixedAddresses } from "./fixed-addresses.ts";
import { buildGatewayNetworks, createKubeOvnInterfaceBuilder, listAllowedInterfaces } from "./gateway-interfaces.ts";
import { buildNetworkPolicies, checkOwnNetworks, limitToPrimary, listPassedOpenings } from "./network-policies.ts";
import { buildOverlay } from "./overlay.ts";
import { API, formatKubeOvnName, formatVpcName } from "./subnet.ts";
import { buildProviderNetworks, buildUnderlay, checkUnderlay } from "./underlay.ts";

/** A plan as VPCs (overlays, in place of the default network) and Subnets on VLANs (beside it). */
export function lowerToKubeOvn(plan: Plan, beside: LowerContext): LoweredObjects {
  const found: Diagnostic[] = [];
  const overlays = new Map(plan.networks.filter(isOverlay).map((network) => [network.intent, network]));
  const attached = plan.networks.filter((network) => !isOverlay(network));
  const admissions = groupPolicyRules(plan.policyRules);
  const fixed = groupFixedAddresses(plan, beside.foreignGateways);
  const manifests: Manifest[] = [...buildNamespaces(plan.namespaces)];
  for (const boundary of plan.zones) {
    const network = overlays.get(boundary.intent);
    const own = fixed.get(boundary.intent) ?? [];
    manifests.push(
      ...(network
        ? buildOverlay(network, boundary, plan, own, found)
        : limitToPrimary(plan, buildZoneManifests(boundary, plan, found, listPassedOpenings(boundary, plan)))),
    );
  }
  for (const network of attached) checkUnderlay(network, found);
  const used = attached.filter((network) => network.variants.length > 0);
  checkOwnNetworks(plan, used, found);
  manifests.push(...buildProviderNetworks(used));
  for (const network of used) {
    manifests.push(...buildUnderlay(network, plan.cluster.platform, fixed.get(network.intent) ?? []));
    const own = admissions.get(network.intent) ?? [];
    manifests.push(...buildNetworkPolicies(plan, underOneName(network), own, found));
  }
  const gateways = [...plan.gateways, ...beside.foreignGateways];
  manifests.push(...buildGatewayNetworks(plan, gateways), ...ownGateways(plan, beside));
  const names = new Map(used.map((network) => [network.intent, network]));
  const patches = buildMultusPatches(nameAttachments(plan, names), names, configurations(used, manifests), found);
  return {
    manifests,
    patches: addFixedAddresses(patches, plan.attachments, new Map([...overlays, ...names])),
    attaching: {
      keys: ATTACHING,
      names: plan.networks.flatMap(closedNames),
      allowed: listAllowedInterfaces(plan, gateways),
    },
    links: used.map(linkHandoff),
    objectsOf,
    diagnostics: found,
  };
}

/** Gateways of this target, on their pods with legs that other targets give them. */
function ownGateways(plan: Plan, beside: LowerContext): readonly Manifest[] {
  const own = new Set(plan.networks.map((network) => network.intent));
  const legsHere = createKubeOvnInterfaceBuilder(plan);
  return plan.gateways.flatMap((gateway) => {
    const isHere = gateway.legs.some((leg) => own.has(leg.network));
    return buildGatewayManifests(gateway, plan.cluster.platform, (member) => [
      ...(isHere ? [legsHere(gateway, member)] : []),
      ...beside.crossTargetInterfaces(gateway, member),
    ]);
  });
}

function linkHandoff({ link, intent, origin }: Network): Handoff {
  const nodes = Object.entries(link.nodes?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const where = nodes.length > 0 ? `the nodes with ${nodes.join(", ")}` : "every node";
  const text = `on ${where}, leave \`${link.parent}\` without an address: Kube-OVN makes it a port of its bridge \`br-${link.physicalNetwork}\``;
  return { intent, origin, topic: "link", text };
}

/** Annotations by which Kube-OVN puts pods on a subnet, by its provider or by itself. */
const ATTACHING = [".kubernetes.io/logical_switch", "ovn.kubernetes.io/vpc"];

/** Names that pods may not call for. The one of a VPC holds that of its Subnet, unless it was cut. */
function closedNames(network: Network): readonly string[] {
  const name = formatKubeOvnName(network);
  const vpc = formatVpcName(network);
  return isOverlay(network) && !vpc.includes(name) ? [name, vpc] : [name];
}

/** The Subnet; that of a VPC is the pods' default network. */
function objectsOf({ network }: PodInterface): InterfaceManifests {
  return {
    object: { apiVersion: API, kind: "Subnet", name: formatKubeOvnName(network) },
    attach: isOverlay(network) ? "overlay" : "ovs",
    ...(isOverlay(network) && { main: { interface: "eth0" } }),
  };
}

function isOverlay(network: Network): boolean {
  return network.link.separation === "overlay";
}

/** A Subnet is known under one name, however its members are given addresses. */
function underOneName(network: Network): Network {
  const members = network.variants.filter((variant) => !variant.forwards);
  const [first] = members;
  const all = [...new Set(members.flatMap((variant) => variant.namespaces))].sort();
  return { ...network, variants: first ? [{ ...first, name: formatKubeOvnName(network), namespaces: all }] : [] };
}

function nameAttachments(plan: Plan, networks: ReadonlyMap<string, Network>): Plan {
  const attachments = plan.attachments.flatMap((one) => {
    const network = networks.get(one.network);
    return network
      ? [{ ...one, variant: formatKubeOvnName(network), addresses: [], perPod: undefined, mac: undefined }]
      : [];
  });
  return { ...plan, attachments, gateways: [] };
}

/** What networks say, by the name that pods use: a change of it rolls them. */
function configurations(networks: readonly Network[], manifests: readonly Manifest[]): ReadonlyMap<string, string> {
  const subnets = new Map(manifests.filter((one) => one.kind === "Subnet").map((one) => [one.metadata.name, one.data]));
  return new Map(
    networks.flatMap((network) =>
      network.variants
        .flatMap((variant) => variant.namespaces)
        .map((namespace) => {
          const name = formatKubeOvnName(network);
          // Not where it is written: pods would roll for a line above it.
          const { vlan, physicalNetwork, parent } = network.link;
          const says = JSON.stringify([subnets.get(name), vlan, physicalNetwork, parent]);
          return [`${namespace}/${name}`, says] as const;
        }),
    ),
  );
}
