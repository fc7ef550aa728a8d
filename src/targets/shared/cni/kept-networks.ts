import type { Manifest } from "../../../ir/manifest.ts";
import type { KeptNetwork } from "../../../ir/plan.ts";
import { fileOf, manifest, waves } from "../kubernetes/metadata.ts";

/** NetworkAttachmentDefinitions that are written again as they stand, whatever the target: Multus and OVN read the same kind. */
export function keptNetworks(kept: readonly KeptNetwork[]): readonly Manifest[] {
  return kept.flatMap((one) =>
    one.objects.map(({ namespace, name, annotations }) =>
      manifest(
        {
          apiVersion: "k8s.cni.cncf.io/v1",
          kind: "NetworkAttachmentDefinition",
          template: "multus/network-attachment-definition",
          file: fileOf("external", one.intent),
        },
        { name, namespace, wave: waves.network, ...(annotations && { annotations }) },
        one,
        { config: one.config },
      ),
    ),
  );
}
