import type { Manifest } from "../../../ir/manifest.ts";
import type { Gateway, Network } from "../../../ir/plan.ts";
import type { Platform } from "../../../ir/project.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../kubernetes/metadata.ts";
import { buildConflist } from "./conflist.ts";

/** A NetworkAttachmentDefinition in every namespace that uses a variant: Multus may refuse those of other namespaces. */
export function buildNetworkAttachments(
  network: Network,
  platform: Platform,
  legs: VariantGateways,
): readonly Manifest[] {
  return network.variants.flatMap((variant) => {
    const config = buildConflist(network, variant, platform);
    const leg = legs.get(variant.name);
    return variant.namespaces.map((namespace) =>
      buildManifest(
        {
          apiVersion: "k8s.cni.cncf.io/v1",
          kind: "NetworkAttachmentDefinition",
          template: "multus/network-attachment-definition",
          // A leg's network belongs to the file of the gateway that stands on it.
          file: leg ? formatIntentPath(leg.role, leg.intent) : formatIntentPath(network.role, network.intent),
        },
        {
          name: variant.name,
          namespace,
          wave: SYNC_WAVES.network,
          annotations: annotationsOf(network, namespace, variant.name),
        },
        leg ?? network,
        { config },
      ),
    );
  });
}

/** What the object had before, and the device resource that pods ask for. */
function annotationsOf(
  { link, takesOver }: Network,
  namespace: string,
  name: string,
): Readonly<Record<string, string>> {
  const old = takesOver.find((one) => one.namespace === namespace && one.name === name);
  const { attach, resourceName } = link;
  return {
    ...old?.annotations,
    ...(attach === "sriov" && resourceName !== undefined && { "k8s.v1.cni.cncf.io/resourceName": resourceName }),
  };
}

type VariantGateways = ReadonlyMap<string, Gateway>;

/** Which gateway a leg's variant belongs to. */
export function mapVariantsToGateways(gateways: readonly Gateway[]): VariantGateways {
  return new Map(gateways.flatMap((gateway) => gateway.legs.map((leg) => [leg.variant, gateway] as const)));
}
