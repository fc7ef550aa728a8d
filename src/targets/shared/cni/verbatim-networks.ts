import type { Manifest } from "../../../ir/manifest.ts";
import type { VerbatimNetwork } from "../../../ir/plan.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../kubernetes/metadata.ts";

/** NetworkAttachmentDefinitions that are written again as they stand, whatever the target: Multus and OVN read the same kind. */
export function buildVerbatimNetworks(kept: readonly VerbatimNetwork[]): readonly Manifest[] {
  return kept.flatMap((one) =>
    one.objects.map(({ namespace, name, annotations }) =>
      buildManifest(
        {
          apiVersion: "k8s.cni.cncf.io/v1",
          kind: "NetworkAttachmentDefinition",
          template: "multus/network-attachment-definition",
          file: formatIntentPath("external", one.intent),
        },
        { name, namespace, wave: SYNC_WAVES.network, ...(annotations && { annotations }) },
        one,
        { config: one.config },
      ),
    ),
  );
}
