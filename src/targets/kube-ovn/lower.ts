import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { InterfaceObjects, Lowered, Manifest, PodInterface } from "../../ir/manifest.ts";
import type { Handoff, Network, Plan } from "../../ir/plan.ts";
import { podPatches } from "../multus/pod-patches.ts";
import { admissionsByNetwork } from "../shared/cni/admissions-by-network.ts";
import { boundaryManifests } from "../shared/kubernetes/boundary.ts";
import { gatewayManifests } from "../shared/kubernetes/gateway/gateway-manifests.ts";
import { namespaces } from "../shared/kubernetes/namespaces.ts";
import type { Beside } from "../target.ts";
import { fixedByNetwork, withFixedAddresses } from "./fixed-addresses.ts";
import { legNetworks, legs, legsAllowed } from "./legs.ts";
import { checkOwnNetworks, onMainOnly, passedBeside, policiesOn } from "./network-policies.ts";
import { overlay } from "./overlay.ts";
import { API, networkName, vpcName } from "./subnet.ts";
import { checkUnderlay, providerNetworks, underlay } from "./underlay.ts";

/** A plan as VPCs (overlays, in place of the default network) and Subnets on VLANs (beside it). */
export function lower(plan: Plan, beside: Beside): Lowered {
  const found: Diagnostic[] = [];
  const overlays = new Map(plan.networks.filter(isOverlay).map((network) => [network.intent, network]));
  const attached = plan.networks.filter((network) => !isOverlay(network));
  const admissions = admissionsByNetwork(plan.admissions);
  const fixed = fixedByNetwork(plan, beside.guests);
  const manifests: Manifest[] = [...namespaces(plan.namespaces)];
  for (const boundary of plan.boundaries) {
    const network = overlays.get(boundary.intent);
    const own = fixed.get(boundary.intent) ?? [];
    manifests.push(
      ...(network
        ? overlay(network, boundary, plan, own, found)
        : onMainOnly(plan, boundaryManifests(boundary, plan, found, passedBeside(boundary, plan)))),
    );
  }
  for (const network of attached) checkUnderlay(network, found);
  const used = attached.filter((network) => network.variants.length > 0);
  checkOwnNetworks(plan, used, found);
  manifests.push(...providerNetworks(used));
  for (const network of used) {
    manifests.push(...underlay(network, plan.cluster.platform, fixed.get(network.intent) ?? []));
    const own = admissions.get(network.intent) ?? [];
    manifests.push(...policiesOn(plan, underOneName(network), own, found));
  }
  const gateways = [...plan.gateways, ...beside.guests];
  manifests.push(...legNetworks(plan, gateways), ...ownGateways(plan, beside));
  const names = new Map(used.map((network) => [network.intent, network]));
  const patches = podPatches(named(plan, names), names, configurations(used, manifests), found);
  return {
    manifests,
    patches: withFixedAddresses(patches, plan.attachments, new Map([...overlays, ...names])),
    attaching: { keys: ATTACHING, names: plan.networks.flatMap(closedNames), allowed: legsAllowed(plan, gateways) },
    links: used.map(linkHandoff),
    objectsOf,
    diagnostics: found,
  };
}

/** Gateways of this target, on their pods with legs that other targets give them. */
function ownGateways(plan: Plan, beside: Beside): readonly Manifest[] {
  const own = new Set(plan.networks.map((network) => network.intent));
  const legsHere = legs(plan);
  return plan.gateways.flatMap((gateway) => {
    const isHere = gateway.legs.some((leg) => own.has(leg.network));
    return gatewayManifests(gateway, plan.cluster.platform, (member) => [
      ...(isHere ? [legsHere(gateway, member)] : []),
      ...beside.legs(gateway, member),
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
  const name = networkName(network);
  const vpc = vpcName(network);
  return isOverlay(network) && !vpc.includes(name) ? [name, vpc] : [name];
}

/** The Subnet; that of a VPC is the pods' default network. */
function objectsOf({ network }: PodInterface): InterfaceObjects {
  return {
    object: { apiVersion: API, kind: "Subnet", name: networkName(network) },
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
  return { ...network, variants: first ? [{ ...first, name: networkName(network), namespaces: all }] : [] };
}

function named(plan: Plan, networks: ReadonlyMap<string, Network>): Plan {
  const attachments = plan.attachments.flatMap((one) => {
    const network = networks.get(one.network);
    return network ? [{ ...one, variant: networkName(network), addresses: [], perPod: undefined, mac: undefined }] : [];
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
          const name = networkName(network);
          // Not where it is written: pods would roll for a line above it.
          const { vlan, physicalNetwork, parent } = network.link;
          const says = JSON.stringify([subnets.get(name), vlan, physicalNetwork, parent]);
          return [`${namespace}/${name}`, says] as const;
        }),
    ),
  );
}
