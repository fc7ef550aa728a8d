import { ADMISSION_NAMESPACE } from "../model/guards/read-policies.ts";
import { type ReadManifest, readLabels } from "../model/manifests/manifest.ts";
import { parseAttachments } from "../model/pods/attachments.ts";
import type { OutputObjects } from "./object-changes.ts";

/** A network that is not of this output, and that the guard of a zone lets pods join, or does no longer. */
export interface AdmissionPolicyChange {
  readonly change: "added" | "removed";
  readonly zone: string;
  /** Whose pods it lets in. */
  readonly namespace: string;
  /** `web/trunk`. */
  readonly network: string;
}

/** Kinds of networks that an annotation can name; of the second sort by its name alone. */
const NETWORKS = new Set(["NetworkAttachmentDefinition", "ClusterUserDefinedNetwork"]);

/**
 * The networks that workloads bring along: what a manifest says of them is let into the guard of its zone. The networks of
 * the output itself are told as objects, and by whom they let reach whom.
 */
export function compareAdmissionPolicies(
  before: OutputObjects,
  after: OutputObjects,
): readonly AdmissionPolicyChange[] {
  const [old, now] = [foreign(before.manifests), foreign(after.manifests)];
  const found: AdmissionPolicyChange[] = [];
  for (const [key, one] of now) if (!old.has(key)) found.push({ change: "added", ...one });
  for (const [key, one] of old) if (!now.has(key)) found.push({ change: "removed", ...one });
  const order = ({ zone, namespace, network, change }: AdmissionPolicyChange) =>
    [zone, namespace, network, change].join(" ");
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** What guards of zones admit and no object of the output is, by words of its own. */
function foreign(manifests: readonly ReadManifest[]): ReadonlyMap<string, Omit<AdmissionPolicyChange, "change">> {
  const networks = manifests.filter((one) => NETWORKS.has(one.kind));
  const own = new Set(networks.map((one) => `${one.namespace}/${one.name}`));
  const found = new Map<string, Omit<AdmissionPolicyChange, "change">>();
  for (const one of manifests) {
    if (one.kind !== "ConfigMap" || one.namespace !== ADMISSION_NAMESPACE || !one.name.startsWith("zone-")) continue;
    const zone = one.name.slice("zone-".length);
    for (const [namespace, values] of Object.entries(readLabels(one.value, "data")))
      for (const network of values.split("\n").flatMap((value) => networksOf(value, namespace)))
        if (!own.has(network) && !own.has(`/${network.slice(network.indexOf("/") + 1)}`))
          found.set(`${zone} ${namespace} ${network}`, { zone, namespace, network });
  }
  return found;
}

function networksOf(value: string, namespace: string): readonly string[] {
  const read = parseAttachments(value, namespace);
  return typeof read === "string" ? [] : read.map((one) => `${one.namespace}/${one.name}`);
}
