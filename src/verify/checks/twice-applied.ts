import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { sortKeys } from "../model/guards/known-policies.ts";
import { formatName, locateInManifest, type ReadManifest } from "../model/manifests/manifest.ts";
import { readNetwork } from "../model/networks/read-network.ts";
import { verifyRules } from "../rules.ts";

/**
 * Objects of the output that a manifest among the workloads writes in another way: whoever applies it last undoes what was
 * proved. Workloads themselves are meant to stand in both, and so may a namespace.
 */
export function checkAppliedTwice(
  read: readonly ReadManifest[],
  written: readonly ReadManifest[],
  isWorkload: (manifest: ReadManifest) => boolean,
): readonly Diagnostic[] {
  const ours = new Map(written.map((one) => [keyOf(one), one]));
  return read.flatMap((one) => {
    const own = ours.get(keyOf(one));
    if (!own || one.kind === "Namespace" || isWorkload(own) || contentsOf(one) === contentsOf(own)) return [];
    const related = [{ place: locateInManifest(own, "metadata", "name"), label: "what was proved" }];
    const place = locateInManifest(one, "metadata", "name");
    return [verifyRules.diagnose("twice-applied", place, { what: formatName(one) }, { related })];
  });
}

function keyOf(manifest: ReadManifest): string {
  return `${manifest.apiVersion.replace(/\/.*$/, "")} ${formatName(manifest)}`;
}

/** What an object says. Of a network that was taken over, where it leads: its old spelling may stand beside the new one. */
function contentsOf(manifest: ReadManifest): string {
  if (manifest.kind === "NetworkAttachmentDefinition") {
    const read = readNetwork(manifest);
    if (!("code" in read)) return read.domain;
  }
  const { metadata: _metadata, ...rest } = manifest.value;
  return JSON.stringify(sortKeys(rest));
}
