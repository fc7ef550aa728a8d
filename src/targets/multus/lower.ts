import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { InterfaceManifests, LoweredObjects, Manifest, PodInterface } from "../../ir/manifest.ts";
import type { Gateway, GatewayMember, Network, Plan } from "../../ir/plan.ts";
import { buildConflist } from "../shared/cni/conflist.ts";
import { buildMultiNetworkPolicies } from "../shared/cni/multi-network-policies.ts";
import { buildNetworkAttachments, mapVariantsToGateways } from "../shared/cni/network-attachments.ts";
import { groupPolicyRules } from "../shared/cni/policy-rules-by-network.ts";
import { multusRules } from "../shared/cni/rules.ts";
import { buildGatewayManifests } from "../shared/kubernetes/gateway/gateway-manifests.ts";
import type { GatewayPodInterfaces } from "../shared/kubernetes/gateway/gateway-pod-interfaces.ts";
import { buildNamespaces } from "../shared/kubernetes/namespaces.ts";
import { buildNodeLinks } from "../shared/kubernetes/node-links.ts";
import { buildZoneManifests } from "../shared/kubernetes/zone-manifests.ts";
import type { LowerContext } from "../target.ts";
import { checkMachines } from "./check-machines.ts";
import { buildMultusInterfaces } from "./gateways.ts";
import { buildMultusPatches } from "./pod-patches.ts";

/** A plan as NetworkAttachmentDefinitions, policies on both networks, gateways and pod patches. */
export function lowerToMultus(plan: Plan, beside: LowerContext): LoweredObjects {
  const found: Diagnostic[] = [];
  const networks = byIntent(plan);
  const gateways = [...plan.gateways, ...beside.foreignGateways];
  const legs = mapVariantsToGateways(gateways);
  const admissions = groupPolicyRules(plan.policyRules);
  const manifests: Manifest[] = [
    ...buildNamespaces(plan.namespaces),
    ...plan.zones.flatMap((boundary) => buildZoneManifests(boundary, plan, found)),
  ];
  for (const network of plan.networks) {
    checkNetwork(network, found);
    if (network.link.attach === "overlay") continue;
    manifests.push(...buildNodeLinks(network, plan.cluster.platform));
    manifests.push(...buildNetworkAttachments(network, plan.cluster.platform, legs));
    manifests.push(
      ...buildMultiNetworkPolicies(plan, network, admissions.get(network.intent) ?? [], network.link.attach, found),
    );
  }
  for (const gateway of plan.gateways) {
    const legs = (member: GatewayMember) => [
      buildMultusInterfaces(gateway, member, networks, plan),
      ...beside.crossTargetInterfaces(gateway, member),
    ];
    manifests.push(...buildGatewayManifests(gateway, plan.cluster.platform, legs));
  }
  const attachable = new Map([...networks].filter(([, network]) => network.link.attach !== "overlay"));
  checkMachines(plan.attachments, attachable, plan.cluster.platform, found);
  return {
    manifests,
    patches: buildMultusPatches({ ...plan, gateways }, attachable, configurationsOf(attachable, plan), found),
    objectsOf,
    diagnostics: found,
  };
}

/** Legs on networks of Multus, on the pod of whatever gateway. */
export function createMultusInterfaceBuilder(
  plan: Plan,
): (gateway: Gateway, member: GatewayMember) => GatewayPodInterfaces {
  const networks = byIntent(plan);
  return (gateway, member) => buildMultusInterfaces(gateway, member, networks, plan);
}

function byIntent(plan: Plan): ReadonlyMap<string, Network> {
  return new Map(plan.networks.map((network) => [network.intent, network]));
}

/** The NetworkAttachmentDefinition that a pod names, and the resource of its virtual function. */
function objectsOf({ network, variant: name, namespace }: PodInterface): InterfaceManifests {
  const { attach, resourceName } = network.link;
  return {
    object: { apiVersion: "k8s.cni.cncf.io/v1", kind: "NetworkAttachmentDefinition", namespace, name },
    attach,
    ...(attach === "sriov" && resourceName !== undefined && { device: resourceName }),
  };
}

function configurationsOf(networks: ReadonlyMap<string, Network>, plan: Plan): ReadonlyMap<string, string> {
  const texts = [...networks.values()].flatMap((network) =>
    network.variants.flatMap((variant) => {
      const text = JSON.stringify(buildConflist(network, variant, plan.cluster.platform));
      return variant.namespaces.map((namespace) => [`${namespace}/${variant.name}`, text] as const);
    }),
  );
  return new Map(texts);
}

function checkNetwork(network: Network, found: Diagnostic[]): void {
  const { link } = network;
  const parameters = { network: network.intent };
  if (link.attach === "overlay") found.push(multusRules.diagnose("overlay-not-possible", network.origin, parameters));
  if (network.bandwidth && link.attach !== "bridge" && link.attach !== "overlay")
    found.push(multusRules.diagnose("bandwidth-needs-bridge", network.origin, { attach: link.attach }));
  const served = network.variants.filter((variant) => variant.ipam.mode === "dhcp");
  const dhcp = served.length > 0;
  // Those by a gateway are refused (gateway/served-members).
  const own = served.flatMap((variant) => variant.routes).filter((one) => one.intent === network.intent);
  const [route] = network.takesOver.length === 0 ? own : [];
  if (route) found.push(multusRules.diagnose("routes-by-server", route.origin, parameters));
  if (dhcp && link.attach === "ipvlan") found.push(multusRules.diagnose("dhcp-on-ipvlan", network.origin, parameters));
}
