import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { verifyRules } from "../rules.ts";

/**
 * Networks of the platform that pods of foreign namespaces may attach to: a NAD of theirs appears in every namespace that
 * they select, and there no guard knows the name.
 */
export function checkForeignAttachment(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const links = new Map(watch.expected.links.map((one) => [one.network, one]));
  const zones = new Map(watch.expected.zones.map((zone) => [zone.id, zone]));
  const users = new Map<string, Set<string>>();
  for (const { network, node } of watch.expected.members) {
    const namespace = node.slice(node.indexOf(" ") + 1, node.indexOf("/"));
    users.set(network, (users.get(network) ?? new Set()).add(namespace));
  }
  const hosts = new Map<string, Set<string>>();
  for (const { network, namespace } of watch.expected.interfaces)
    hosts.set(network, (hosts.get(network) ?? new Set()).add(namespace));
  const seen = new Set<string>();
  return model.networks.flatMap((network) => {
    const { manifest } = network;
    const { intent = "" } = manifest;
    const link = links.get(intent);
    if (!link || !byPlatform(network)) return [];
    const found: Diagnostic[] = [];
    const place = locateInManifest(manifest, "spec");
    const related = [{ place: link.origin, label: "meant here" }];
    const once = (key: string, diagnostic: Diagnostic) => {
      if (!seen.has(`${formatName(manifest)} ${key}`)) found.push(diagnostic);
      seen.add(`${formatName(manifest)} ${key}`);
    };
    const zone = zones.get(intent);
    const meant = zone ? zone.namespaces.includes(network.namespace) : users.get(intent)?.has(network.namespace);
    if (!meant && !hosts.get(intent)?.has(network.namespace)) {
      const parameters = { network: formatName(manifest), namespace: network.namespace };
      once(network.namespace, verifyRules.diagnose("network-elsewhere", place, parameters, { related }));
    }
    return found;
  });
}

/** Written once for many namespaces: whatever is written in a namespace is that one's alone. */
function byPlatform({ manifest }: AttachableNetwork): boolean {
  return manifest.kind === "ClusterUserDefinedNetwork";
}
