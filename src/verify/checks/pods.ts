import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { describeNode } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";

/** Pods that stand in networks of two zones, and pods that no policy holds because they use the node's network. */
export function checkPods(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const zoneDomains = domainsOfZones(model, watch);
  for (const node of model.nodes) {
    const zone = watch.zones.get(node.namespace);
    if (zone && node.hostNetwork)
      found.push(verifyRules.diagnose("host-network", node.place, { pod: node.id, zone: zone.id }));
    if (node.type !== "workload" || watch.isExternallyManaged(node)) continue;
    const attached = node.interfaces.filter((one) => one.type === "attachment");
    const zones = new Map(
      attached.flatMap((one) => (zoneDomains.get(one.domain) ?? []).map((id) => [id, one.domain] as const)),
    );
    if (zones.size > 1) {
      const domains = [...new Set(zones.values())].sort().join(" and ");
      found.push(verifyRules.diagnose("two-domains", node.place, { pod: node.id, domains }));
    } else if (zones.size === 1 && zone?.id !== [...zones.keys()][0]) {
      const domains = `${[...zones.values()][0]}, the network of ${[...zones.keys()][0]}, from ${describeNode(node, watch.zones)},`;
      found.push(verifyRules.diagnose("two-domains", node.place, { pod: node.id, domains }));
    }
    if (zone && (node.forwards4 || node.forwards6))
      found.push(
        verifyRules.diagnose("two-domains", node.place, { pod: node.id, domains: `${zone.id}, forwards packets,` }),
      );
  }
  return [...found, ...sharedDomains(zoneDomains, model)];
}

/** Layer-2 domains by the zones whose intents made networks on them. */
function domainsOfZones(model: Model, watch: ExpectedIndex): ReadonlyMap<string, readonly string[]> {
  const ids = new Set(watch.expected.zones.map((zone) => zone.id));
  const domains = new Map<string, string[]>();
  for (const { manifest, domain } of model.networks) {
    const { intent } = manifest;
    if (intent === undefined || !ids.has(intent)) continue;
    const list = domains.get(domain) ?? [];
    if (!list.includes(intent)) list.push(intent);
    domains.set(domain, list);
  }
  return domains;
}

/** Two zones on one layer-2 network are one zone, and so is a zone whose networks are not one. */
function sharedDomains(domains: ReadonlyMap<string, readonly string[]>, model: Model): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [domain, zones] of domains) {
    if (zones.length < 2) continue;
    const network = model.networks.find((one) => one.domain === domain && one.manifest.intent === zones[1]);
    const what = `${network ? formatName(network.manifest) : domain}`;
    const why = `${zones.join(" and ")} are both on ${domain}`;
    found.push(
      verifyRules.diagnose("no-traffic", network && locateInManifest(network.manifest, "spec", "config"), {
        what,
        why,
      }),
    );
  }
  const byZone = new Map<string, string[]>();
  for (const [domain, zones] of domains) for (const zone of zones) pushTo(byZone, zone, domain);
  for (const [zone, own] of byZone) {
    if (own.length < 2) continue;
    const network = model.networks.find((one) => one.manifest.intent === zone && one.domain === own[1]);
    const why = `it is on ${own[1]}, and other networks of ${zone} on ${own[0]}`;
    const what = network ? formatName(network.manifest) : zone;
    found.push(
      verifyRules.diagnose("no-traffic", network && locateInManifest(network.manifest, "spec", "config"), {
        what,
        why,
      }),
    );
  }
  return found;
}
