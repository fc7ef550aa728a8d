import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LoweredObjects, PodPatch } from "../../ir/manifest.ts";
import type { Attachment, Network, Plan, Variant } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import { NETWORKS_ANNOTATION } from "../../workloads/network-annotation.ts";
import { buildNetworkAttachments, mapVariantsToGateways } from "../shared/cni/network-attachments.ts";
import { buildNamespaces } from "../shared/kubernetes/namespaces.ts";
import { buildNodeLinks } from "../shared/kubernetes/node-links.ts";
import { patchNodeSelector } from "../shared/kubernetes/node-selector.ts";
import { buildZoneManifests } from "../shared/kubernetes/zone-manifests.ts";
import { buildClaimTemplates, buildNetworkKind, formatTemplateName, resolveNetworkDeviceClass } from "./claims.ts";

/** A plan as networks of a NetworkKind, and claims of the pods that are on them. */
export function lowerToNetworkKind(whole: Plan): LoweredObjects {
  const found: Diagnostic[] = [];
  const plan = withoutOverlays(whole);
  const { platform } = plan.cluster;
  return {
    manifests: [
      ...buildNetworkKind(platform),
      ...buildNamespaces(plan.namespaces),
      ...plan.zones.flatMap((boundary) => buildZoneManifests(boundary, plan, found)),
      ...plan.networks.flatMap((network) => [
        ...buildNodeLinks(network, platform),
        ...buildNetworkAttachments(network, platform, mapVariantsToGateways([])),
        ...buildClaimTemplates(network, platform),
      ]),
    ],
    patches: podPatches(plan, found),
    deviceClasses: [resolveNetworkDeviceClass(platform)],
    objectsOf: ({ network, variant: name, namespace, interface: inner }) => ({
      object: { apiVersion: "k8s.cni.cncf.io/v1", kind: "NetworkAttachmentDefinition", namespace, name },
      attach: network.link.attach,
      claim: { name: inner, template: formatTemplateName(network, variantOf(network, name), platform) },
    }),
    diagnostics: found,
  };
}

/** Overlays are refused already: there is no link that a device could be on. */
function withoutOverlays(plan: Plan): Plan {
  const networks = plan.networks.filter((one) => one.link.attach !== "overlay");
  const left = new Set(networks.map((one) => one.intent));
  return { ...plan, networks, attachments: plan.attachments.filter((one) => left.has(one.network)) };
}

function podPatches(plan: Plan, found: Diagnostic[]): readonly PodPatch[] {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  const byWorkload = new Map<Workload, Attachment[]>();
  for (const attachment of plan.attachments) {
    const list = byWorkload.get(attachment.workload);
    if (list) list.push(attachment);
    else byWorkload.set(attachment.workload, [attachment]);
  }
  return [...byWorkload].map(([workload, attachments]): PodPatch => {
    const origin = (attachments[0] as Attachment).origin;
    const on = attachments.map((one) => networks.get(one.network) as Network);
    const present = workload.annotations[NETWORKS_ANNOTATION];
    const links = on.map((network) => network.link);
    return {
      workload,
      intents: [...new Set(attachments.map((one) => one.intent))].sort(),
      origin,
      annotations: {},
      nodeSelector: patchNodeSelector(workload, links, origin, found),
      resolvers: [],
      devices: {},
      claims: attachments.map(({ variant: name, interface: inner }, index) => {
        const network = on[index] as Network;
        const template = formatTemplateName(network, variantOf(network, name), plan.cluster.platform);
        return { name: inner, template, inContainer: false };
      }),
      virtual: [],
      admits: present === undefined ? [] : [present],
    };
  });
}

function variantOf(network: Network, name: string): Variant {
  const variant = network.variants.find((one) => one.name === name);
  if (!variant) throw new Error(`${network.intent} has no variant ${name}`);
  return variant;
}
