import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import type { LoweredObjects, Manifest } from "../../ir/manifest.ts";
import type { Gateway, GatewayMember, Network, Plan } from "../../ir/plan.ts";
import { buildGatewayManifests } from "../shared/kubernetes/gateway/gateway-manifests.ts";
import type { GatewayPodInterfaces } from "../shared/kubernetes/gateway/gateway-pod-interfaces.ts";
import { buildNamespaces } from "../shared/kubernetes/namespaces.ts";
import { buildNodeLinks } from "../shared/kubernetes/node-links.ts";
import { buildZoneManifests } from "../shared/kubernetes/zone-manifests.ts";
import type { LowerContext } from "../target.ts";
import { buildClaim, buildDeviceClass, type ClaimObjects, formatInterfaceKey } from "./claims.ts";
import { resolveDeviceClass } from "./device.ts";
import { checkDranet } from "./dranet.ts";
import { buildDraPatches } from "./pod-patches.ts";
import { draRules } from "./rules.ts";
import { listGatewayInterfaces } from "./slot.ts";
import { checkSriov } from "./sriov.ts";

/** A plan as claims on devices: every attachment is a link of the node that moves into the pod. */
export function lowerToDra(plan: Plan, beside: LowerContext): LoweredObjects {
  const found: Diagnostic[] = [];
  const { platform } = plan.cluster;
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  const objects: ClaimObjects = { manifests: new Map(), claims: new Map() };
  const manifests: Manifest[] = [
    ...buildNamespaces(plan.namespaces),
    ...plan.zones.flatMap((boundary) => buildZoneManifests(boundary, plan, found)),
  ];
  for (const network of plan.networks) {
    if (platform.dra.driver === "sriov") checkSriov(network, found);
    else checkDranet(network, found);
    manifests.push(...buildNodeLinks(network, platform));
  }
  const patches = buildDraPatches(
    { ...plan, gateways: [...plan.gateways, ...beside.foreignGateways] },
    networks,
    objects,
    found,
  );
  for (const gateway of plan.gateways) {
    const legs = (member: GatewayMember) => [
      legsOnPod(gateway, member, networks, plan, objects, found),
      ...beside.crossTargetInterfaces(gateway, member),
    ];
    manifests.push(...buildGatewayManifests(gateway, platform, legs));
  }
  // The claims of gateways that another target writes; their pods name them.
  for (const guest of beside.foreignGateways)
    if (guest.adopted.length === 0)
      for (const member of guest.members) legsOnPod(guest, member, networks, plan, objects, found);
  if (!hasErrors(found)) found.push(...warnings(plan));
  return {
    manifests: [...buildDeviceClass(plan.cluster), ...manifests, ...objects.manifests.values()],
    patches,
    deviceClasses: [resolveDeviceClass(platform.dra)],
    objectsOf: ({ workload, network, interface: inner }) => {
      const claim = objects.claims.get(formatInterfaceKey(workload, inner));
      const device = network.link.resourceName ?? network.link.interface;
      return {
        object: { apiVersion: "resource.k8s.io/v1", kind: "DeviceClass", name: resolveDeviceClass(platform.dra) },
        attach: platform.dra.driver === "sriov" ? "sriov" : "device",
        ...(claim && { claim: { name: claim.name, template: claim.template } }),
        ...(device !== undefined && { device }),
      };
    },
    diagnostics: found,
  };
}

/** What one should know of networks that are as they should be. */
function warnings(plan: Plan): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const admitted = new Set(plan.policyRules.map((one) => one.network));
  const crowded = new Set(plan.attachments.filter(({ workload }) => workload.pods !== 1).map((one) => one.network));
  for (const { intent, origin, link } of plan.networks) {
    if (plan.cluster.platform.dra.driver === "dranet" && crowded.has(intent))
      found.push(draRules.diagnose("one-pod-a-node", origin, { device: link.interface ?? "", network: intent }));
    if (admitted.has(intent) && !plan.audited.includes(intent))
      found.push(draRules.diagnose("policy-not-enforced", origin, { network: intent }));
  }
  return found;
}

function legsOnPod(
  gateway: Gateway,
  member: GatewayMember,
  networks: ReadonlyMap<string, Network>,
  plan: Plan,
  objects: ClaimObjects,
  found: Diagnostic[],
): GatewayPodInterfaces {
  const slots = listGatewayInterfaces(gateway, member, networks);
  return {
    annotations: {},
    nodeSelector: Object.assign({}, ...slots.map((slot) => slot.network.link.nodes?.matchLabels ?? {})),
    devices: {},
    claims: slots.map((slot) => buildClaim(slot, plan.cluster, objects, found)),
    bare: [],
    says: [],
  };
}

/** Legs on networks of DRA, on the pod of whatever gateway. What is wrong with one is found where it is lowered. */
export function createDraInterfaceBuilder(
  plan: Plan,
): (gateway: Gateway, member: GatewayMember) => GatewayPodInterfaces {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  const objects: ClaimObjects = { manifests: new Map(), claims: new Map() };
  return (gateway, member) => legsOnPod(gateway, member, networks, plan, objects, []);
}
