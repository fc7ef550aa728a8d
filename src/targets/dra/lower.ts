import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import type { Lowered, Manifest } from "../../ir/manifest.ts";
import type { Gateway, GatewayMember, Network, Plan } from "../../ir/plan.ts";
import { boundaryManifests } from "../shared/kubernetes/boundary.ts";
import { gatewayManifests } from "../shared/kubernetes/gateway/gateway-manifests.ts";
import type { LegsOnPod } from "../shared/kubernetes/gateway/legs-on-pod.ts";
import { namespaces } from "../shared/kubernetes/namespaces.ts";
import { nodeLinks } from "../shared/kubernetes/node-links.ts";
import type { Beside } from "../target.ts";
import { claimFor, deviceClass, interfaceKey, type Objects } from "./claims.ts";
import { deviceClassOf } from "./device.ts";
import { checkDranet } from "./dranet.ts";
import { podPatches } from "./pod-patches.ts";
import { draRules } from "./rules.ts";
import { legSlots } from "./slot.ts";
import { checkSriov } from "./sriov.ts";

/** A plan as claims on devices: every attachment is a link of the node that moves into the pod. */
export function lower(plan: Plan, beside: Beside): Lowered {
  const found: Diagnostic[] = [];
  const { platform } = plan.cluster;
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  const objects: Objects = { manifests: new Map(), claims: new Map() };
  const manifests: Manifest[] = [
    ...namespaces(plan.namespaces),
    ...plan.boundaries.flatMap((boundary) => boundaryManifests(boundary, plan, found)),
  ];
  for (const network of plan.networks) {
    if (platform.dra.driver === "sriov") checkSriov(network, found);
    else checkDranet(network, found);
    manifests.push(...nodeLinks(network, platform));
  }
  const patches = podPatches({ ...plan, gateways: [...plan.gateways, ...beside.guests] }, networks, objects, found);
  for (const gateway of plan.gateways) {
    const legs = (member: GatewayMember) => [
      legsOnPod(gateway, member, networks, plan, objects, found),
      ...beside.legs(gateway, member),
    ];
    manifests.push(...gatewayManifests(gateway, platform, legs));
  }
  // The claims of gateways that another target writes; their pods name them.
  for (const guest of beside.guests)
    if (guest.adopted.length === 0)
      for (const member of guest.members) legsOnPod(guest, member, networks, plan, objects, found);
  if (!hasErrors(found)) found.push(...warnings(plan));
  return {
    manifests: [...deviceClass(plan.cluster), ...manifests, ...objects.manifests.values()],
    patches,
    deviceClasses: [deviceClassOf(platform.dra)],
    objectsOf: ({ workload, network, interface: inner }) => {
      const claim = objects.claims.get(interfaceKey(workload, inner));
      const device = network.link.resourceName ?? network.link.interface;
      return {
        object: { apiVersion: "resource.k8s.io/v1", kind: "DeviceClass", name: deviceClassOf(platform.dra) },
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
  const admitted = new Set(plan.admissions.map((one) => one.network));
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
  objects: Objects,
  found: Diagnostic[],
): LegsOnPod {
  const slots = legSlots(gateway, member, networks);
  return {
    annotations: {},
    nodeSelector: Object.assign({}, ...slots.map((slot) => slot.network.link.nodes?.matchLabels ?? {})),
    devices: {},
    claims: slots.map((slot) => claimFor(slot, plan.cluster, objects, found)),
    bare: [],
    says: [],
  };
}

/** Legs on networks of DRA, on the pod of whatever gateway. What is wrong with one is found where it is lowered. */
export function legs(plan: Plan): (gateway: Gateway, member: GatewayMember) => LegsOnPod {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  const objects: Objects = { manifests: new Map(), claims: new Map() };
  return (gateway, member) => legsOnPod(gateway, member, networks, plan, objects, []);
}
