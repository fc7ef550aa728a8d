import type { Manifest } from "../../ir/manifest.ts";
import type { Network, Variant } from "../../ir/plan.ts";
import type { Platform } from "../../ir/project.ts";
import { hashContent } from "../../net/hash.ts";
import { formatObjectName } from "../../net/name.ts";
import { buildConflist } from "../shared/cni/conflist.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";

/** Attributes by which devices say which network they are on (LionelJouin/multi-network-api, docs/network-kind.md). */
const ATTRIBUTES = "multinetwork.networking.k8s.io";

/** The NetworkKind that says: objects of this kind are networks of pods. */
export const NETWORK_KIND = "network-attachment-definitions";

export function resolveNetworkDeviceClass({ networkKind }: Platform): string {
  return networkKind.deviceClass ?? `plumbline-${NETWORK_KIND}`;
}

/** Every attribute is asked for with has(): one that a device lacks ends allocation for all devices. */
function equals(attribute: string, value: string): string {
  const path = `device.attributes["${ATTRIBUTES}"].${attribute}`;
  return `has(${path}) && ${path} == ${JSON.stringify(value)}`;
}

const object = { template: "kubernetes/object", file: "network-kinds.yaml" };

/** What says for the whole cluster that NetworkAttachmentDefinitions are networks, and which devices are on them. */
export function buildNetworkKind(platform: Platform): readonly Manifest[] {
  const implementationType = { group: "k8s.cni.cncf.io", kind: "NetworkAttachmentDefinition" };
  const kind = buildManifest(
    { ...object, apiVersion: "multinetwork.networking.x-k8s.io/v1alpha1", kind: "NetworkKind" },
    { name: NETWORK_KIND, wave: SYNC_WAVES.namespace },
    undefined,
    { body: { spec: { implementationType } } },
  );
  if (platform.networkKind.deviceClass !== undefined) return [kind];
  const selectors = [{ cel: { expression: equals("networkKind", NETWORK_KIND) } }];
  const deviceClass = buildManifest(
    { ...object, apiVersion: "resource.k8s.io/v1", kind: "DeviceClass" },
    { name: resolveNetworkDeviceClass(platform), wave: SYNC_WAVES.namespace },
    undefined,
    { body: { spec: { selectors } } },
  );
  return [kind, deviceClass];
}

/** Names the template of a variant: what it holds can't be changed, so a changed network has another one. */
export function formatTemplateName(network: Network, variant: Variant, platform: Platform): string {
  const contents = JSON.stringify([buildConflist(network, variant, platform), resolveNetworkDeviceClass(platform)]);
  return formatObjectName([variant.name, hashContent(contents, 8)]);
}

/** A template in every namespace that uses a variant, for a device on the network of the same namespace. */
export function buildClaimTemplates(network: Network, platform: Platform): readonly Manifest[] {
  return network.variants.flatMap((variant) =>
    variant.namespaces.map((namespace) => {
      const expression = `${equals("podNetwork", variant.name)} && ${equals("podNetworkNamespace", namespace)}`;
      const exactly = { deviceClassName: resolveNetworkDeviceClass(platform), selectors: [{ cel: { expression } }] };
      return buildManifest(
        {
          apiVersion: "resource.k8s.io/v1",
          kind: "ResourceClaimTemplate",
          template: "kubernetes/object",
          file: formatIntentPath(network.role, network.intent),
        },
        { name: formatTemplateName(network, variant, platform), namespace, wave: SYNC_WAVES.network },
        network,
        { body: { spec: { spec: { devices: { requests: [{ name: "network", exactly }] } } } } },
      );
    }),
  );
}
