import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedLink } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { readDomain } from "../model/networks/l2-domain.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { verifyRules } from "../rules.ts";

/**
 * Networks that stand on another link or VLAN than meant. Where all of a network's objects moved together, its members
 * still reach each other and nobody else, so no connection tells.
 */
export function checkDomains(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const links = new Map(watch.expected.links.map((one) => [one.network, one]));
  const found = new Map<string, Diagnostic>();
  const hold = (network: AttachableNetwork, link: ExpectedLink | undefined) => {
    const meant = link && formatExpectedDomain(link, network.domain);
    if (!link || meant === undefined || meant === network.domain) return;
    const what = formatName(network.manifest);
    const path = network.plugin === "gke" || network.main ? ["spec"] : ["spec", "config"];
    const why = `it is on ${network.domain}, and ${link.network} is meant for ${meant}`;
    const related = [{ place: link.origin, label: "meant here" }];
    found.set(
      what,
      verifyRules.diagnose("no-traffic", locateInManifest(network.manifest, ...path), { what, why }, { related }),
    );
  };
  for (const network of model.networks) hold(network, links.get(network.manifest.intent ?? ""));
  const intents = new Map(watch.expected.interfaces.map((leg) => [`${leg.gateway} ${leg.interface}`, leg.network]));
  for (const node of model.nodes.filter((one) => one.type === "gateway"))
    for (const { name, network } of node.interfaces) {
      const intent = intents.get(`${node.intent} ${name}`);
      if (network && intent !== undefined) hold(network, links.get(intent));
    }
  return [...found.values()];
}

/** The domain that a link is meant to be; undefined where the platform names domains itself. */
export function formatExpectedDomain(link: ExpectedLink, read: string): string | undefined {
  const { vlan, physicalNetwork } = link;
  const localnet = physicalNetwork === undefined ? undefined : withVlan(`localnet ${physicalNetwork}`, vlan);
  if (read.startsWith("localnet ")) return localnet ?? (vlan === undefined ? undefined : `VLAN ${vlan}`);
  if (read.startsWith("vpc ")) return link.vpc === undefined ? undefined : `vpc ${link.vpc}`;
  switch (link.attach) {
    case "overlay":
      return undefined;
    case "bridge":
      return withVlan(`bridge ${link.interface}`, link.bridgeIsThere ? vlan : undefined);
    case "sriov":
      return withVlan(`sriov ${link.resourceName}`, vlan);
    case "ovs":
      return withVlan(`ovs ${link.interface}`, vlan);
    default: {
      if (link.interface === undefined) return undefined;
      const known = readDomain({ type: "macvlan", master: link.interface }, undefined);
      return "domain" in known ? known.domain : undefined;
    }
  }
}

function withVlan(domain: string, vlan: number | undefined): string {
  return vlan === undefined || vlan === 0 ? domain : `${domain} vlan ${vlan}`;
}
