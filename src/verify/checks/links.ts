import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Watch } from "../expected/index.ts";
import { nameOf, placeIn } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { verifyRules } from "../rules.ts";

/**
 * Networks of the platform that pods of foreign namespaces may attach to: a NAD of theirs appears in every namespace that
 * they select, and there no guard knows the name.
 */
export function linkLoopholes(model: Model, watch: Watch): readonly Diagnostic[] {
  const links = new Map(watch.meaning.links.map((one) => [one.network, one]));
  const zones = new Map(watch.meaning.zones.map((zone) => [zone.id, zone]));
  const users = new Map<string, Set<string>>();
  for (const { network, node } of watch.meaning.members) {
    const namespace = node.slice(node.indexOf(" ") + 1, node.indexOf("/"));
    users.set(network, (users.get(network) ?? new Set()).add(namespace));
  }
  const hosts = new Map<string, Set<string>>();
  for (const { network, namespace } of watch.meaning.legs)
    hosts.set(network, (hosts.get(network) ?? new Set()).add(namespace));
  const seen = new Set<string>();
  return model.networks.flatMap((network) => {
    const { manifest } = network;
    const { intent = "" } = manifest;
    const link = links.get(intent);
    if (!link || !byPlatform(network)) return [];
    const found: Diagnostic[] = [];
    const place = placeIn(manifest, "spec");
    const related = [{ place: link.origin, label: "meant here" }];
    const once = (key: string, diagnostic: Diagnostic) => {
      if (!seen.has(`${nameOf(manifest)} ${key}`)) found.push(diagnostic);
      seen.add(`${nameOf(manifest)} ${key}`);
    };
    const zone = zones.get(intent);
    const meant = zone ? zone.namespaces.includes(network.namespace) : users.get(intent)?.has(network.namespace);
    if (!meant && !hosts.get(intent)?.has(network.namespace)) {
      const parameters = { network: nameOf(manifest), namespace: network.namespace };
      once(network.namespace, verifyRules.diagnose("network-elsewhere", place, parameters, { related }));
    }
    return found;
  });
}

/** Written once for many namespaces: whatever is written in a namespace is that one's alone. */
function byPlatform({ manifest }: AttachableNetwork): boolean {
  return manifest.kind === "ClusterUserDefinedNetwork";
}
