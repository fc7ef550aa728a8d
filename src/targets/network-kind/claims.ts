import type { Manifest } from "../../ir/manifest.ts";
import type { Network, Variant } from "../../ir/plan.ts";
import type { Platform } from "../../ir/project.ts";
import { contentHash } from "../../net/hash.ts";
import { objectName } from "../../net/name.ts";
import { conflistOf } from "../shared/cni/conflist.ts";
import { fileOf, manifest, waves } from "../shared/kubernetes/metadata.ts";

/** Attributes by which devices say which network they are on (LionelJouin/multi-network-api, docs/network-kind.md). */
const ATTRIBUTES = "multinetwork.networking.k8s.io";

/** The NetworkKind that says: objects of this kind are networks of pods. */
export const NETWORK_KIND = "network-attachment-definitions";

export function deviceClassOf({ networkKind }: Platform): string {
  return networkKind.deviceClass ?? `plumbline-${NETWORK_KIND}`;
}

/** Every attribute is asked for with has(): one that a device lacks ends allocation for all devices. */
function equals(attribute: string, value: string): string {
  const path = `device.attributes["${ATTRIBUTES}"].${attribute}`;
  return `has(${path}) && ${path} == ${JSON.stringify(value)}`;
}

const object = { template: "kubernetes/object", file: "network-kinds.yaml" };

/** What says for the whole cluster that NetworkAttachmentDefinitions are networks, and which devices are on them. */
export function networkKind(platform: Platform): readonly Manifest[] {
  const implementationType = { group: "k8s.cni.cncf.io", kind: "NetworkAttachmentDefinition" };
  const kind = manifest(
    { ...object, apiVersion: "multinetwork.networking.x-k8s.io/v1alpha1", kind: "NetworkKind" },
    { name: NETWORK_KIND, wave: waves.namespace },
    undefined,
    { body: { spec: { implementationType } } },
  );
  if (platform.networkKind.deviceClass !== undefined) return [kind];
  const selectors = [{ cel: { expression: equals("networkKind", NETWORK_KIND) } }];
  const deviceClass = manifest(
    { ...object, apiVersion: "resource.k8s.io/v1", kind: "DeviceClass" },
    { name: deviceClassOf(platform), wave: waves.namespace },
    undefined,
    { body: { spec: { selectors } } },
  );
  return [kind, deviceClass];
}

/** Names the template of a variant: what it holds can't be changed, so a changed network has another one. */
export function templateName(network: Network, variant: Variant, platform: Platform): string {
  const contents = JSON.stringify([conflistOf(network, variant, platform), deviceClassOf(platform)]);
  return objectName([variant.name, contentHash(contents, 8)]);
}

/** A template in every namespace that uses a variant, for a device on the network of the same namespace. */
export function claimTemplates(network: Network, platform: Platform): readonly Manifest[] {
  return network.variants.flatMap((variant) =>
    variant.namespaces.map((namespace) => {
      const expression = `${equals("podNetwork", variant.name)} && ${equals("podNetworkNamespace", namespace)}`;
      const exactly = { deviceClassName: deviceClassOf(platform), selectors: [{ cel: { expression } }] };
      return manifest(
        {
          apiVersion: "resource.k8s.io/v1",
          kind: "ResourceClaimTemplate",
          template: "kubernetes/object",
          file: fileOf(network.role, network.intent),
        },
        { name: templateName(network, variant, platform), namespace, wave: waves.network },
        network,
        { body: { spec: { spec: { devices: { requests: [{ name: "network", exactly }] } } } } },
      );
    }),
  );
}
