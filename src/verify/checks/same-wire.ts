import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedLink } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { Model } from "../model/model.ts";
import { readDomain } from "../model/networks/l2-domain.ts";
import { verifyRules } from "../rules.ts";
import { isForeignNetwork } from "./foreign-network.ts";

/**
 * Pods on a VLAN of an intent by another name of its uplink. The interface, the bridge, the SR-IOV resource and the physical network
 * of an uplink are one wire, and the model keeps them apart as long as only manifests name them: the Fabric says that they are one.
 */
export function checkSharedWire(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const byName = namesOfWires(watch.expected.links);
  const written = new Set(
    model.networks.flatMap(({ manifest, domain }) =>
      manifest.intent === undefined ? [] : [`${manifest.intent} ${domain}`],
    ),
  );
  const found = new Map<string, Diagnostic>();
  for (const node of model.nodes)
    for (const one of node.interfaces) {
      const link = byName.get(one.domain);
      if (!link || !one.network || !isForeignNetwork(one, watch)) continue;
      // By the name that the intent's own objects have, the connections tell.
      if (written.has(`${link.network} ${one.domain}`)) continue;
      if (watch.zones.get(node.namespace)?.id === link.network) continue;
      const key = `${node.id} ${one.domain}`;
      const wire = link.vlan === undefined ? `${link.parent}` : `VLAN ${link.vlan} of ${link.parent}`;
      const parameters = { pod: node.id, domain: one.domain, network: link.network, wire };
      const related = [{ place: link.origin, label: "the network" }];
      if (!found.has(key)) found.set(key, verifyRules.diagnose("same-wire", node.place, parameters, { related }));
    }
  return [...found.values()];
}

/** Links of intents by every domain that manifests could name them by. */
function namesOfWires(links: readonly ExpectedLink[]): ReadonlyMap<string, ExpectedLink> {
  const byName = new Map<string, ExpectedLink>();
  for (const link of links) {
    const { parent, resourceName, physicalNetwork, vlan, attach, interface: name } = link;
    const at = (fields: Readonly<Record<string, unknown>>, resource?: string) => {
      const read = readDomain(fields, resource);
      if ("domain" in read && !byName.has(read.domain)) byName.set(read.domain, link);
    };
    if (attach === "overlay") continue;
    if (parent !== undefined) at({ type: "vlan", master: parent, vlanId: vlan ?? 0 });
    if (resourceName !== undefined) at({ type: "sriov", vlan: vlan ?? 0 }, resourceName);
    if (physicalNetwork !== undefined)
      at({
        type: "ovn-k8s-cni-overlay",
        topology: "localnet",
        physicalNetworkName: physicalNetwork,
        vlanID: vlan ?? 0,
      });
    if (name !== undefined && attach === "bridge")
      at({ type: "bridge", bridge: name, vlan: link.bridgeIsThere ? (vlan ?? 0) : 0 });
    if (name !== undefined && attach === "ovs") at({ type: "ovs", bridge: name, vlan: vlan ?? 0 });
  }
  return byName;
}
