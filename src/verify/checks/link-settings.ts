import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedLink } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { verifyRules } from "../rules.ts";

type Settings = Readonly<Record<string, string>>;

/**
 * Networks whose interfaces get another MTU or other kernel settings than meant. Redirects and router advertisements
 * would change routes while pods run, so no list of connections tells of them; a larger MTU than the link's loses
 * packets between two pods, whom nothing tells.
 */
export function checkLinkSettings(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const links = new Map(watch.expected.links.map((one) => [one.network, one]));
  const found = new Map<AttachableNetwork, readonly Diagnostic[]>();
  const hold = (network: AttachableNetwork, link: ExpectedLink | undefined, forwards: boolean) => {
    if (link && !found.has(network))
      found.set(network, [...madeBy(network, link), ...mtuOf(network, link), ...setBy(network, link, forwards)]);
  };
  const intents = new Map(watch.expected.interfaces.map((leg) => [`${leg.gateway} ${leg.interface}`, leg.network]));
  for (const node of model.nodes.filter((one) => one.type === "gateway"))
    for (const { name, network } of node.interfaces) {
      const intent = intents.get(`${node.intent} ${name}`);
      if (network && intent !== undefined) hold(network, links.get(intent), true);
    }
  for (const network of model.networks) hold(network, links.get(network.manifest.intent ?? ""), false);
  return [...found.values()].flat();
}

/** Plugins that make the interface themselves, with the MTU that they are told. */
const MAKERS: ReadonlySet<string> = new Set(["macvlan", "ipvlan", "bridge", "ovs"]);

/** Pods of one link by two plugins do not see each other: a macvlan and an ipvlan cannot even share a master. */
function madeBy(network: AttachableNetwork, link: ExpectedLink): readonly Diagnostic[] {
  const { manifest, plugin } = network;
  if (manifest.kind !== "NetworkAttachmentDefinition" || !MAKERS.has(plugin) || plugin === link.attach) return [];
  return [differs(network, link, { key: "type", held: plugin, meant: link.attach })];
}

function mtuOf(network: AttachableNetwork, link: ExpectedLink): readonly Diagnostic[] {
  const { manifest, mtu, plugin } = network;
  const must = link.ownMtu && MAKERS.has(plugin) && manifest.kind === "NetworkAttachmentDefinition";
  if (mtu === link.mtu || (mtu === undefined && !must)) return [];
  const parameters = { key: "mtu", held: mtu === undefined ? "nothing" : String(mtu), meant: String(link.mtu) };
  return [differs(network, link, parameters)];
}

function setBy(network: AttachableNetwork, link: ExpectedLink, forwards: boolean): readonly Diagnostic[] {
  const { manifest, sysctls: held = {}, plugin } = network;
  const isOurs = MAKERS.has(plugin) || plugin === "sriov";
  if (!isOurs || manifest.kind !== "NetworkAttachmentDefinition") return [];
  const meant = settingsOf(link, forwards);
  const keys = [...new Set([...Object.keys(meant), ...Object.keys(held)])];
  return keys
    .filter((key) => held[key] !== meant[key])
    .map((key) => {
      const shown = (one: string | undefined) => (one === undefined ? "nothing" : `"${one}"`);
      return differs(network, link, { key, held: shown(held[key]), meant: shown(meant[key]) });
    });
}

/** What the output promises: no redirect, no router advertisement, only sources that belong there. */
function settingsOf({ subnets, sysctls, takesOver }: ExpectedLink, forwards: boolean): Settings {
  const families = new Set(subnets.map((one) => one.family));
  if (takesOver.length > 0 && !forwards) return sysctls;
  if (families.size === 0 && Object.keys(sysctls).length === 0) return {};
  const v4 = { "net.ipv4.conf.IFNAME.rp_filter": "1", "net.ipv4.conf.IFNAME.accept_redirects": "0" };
  const v4Forwarding = {
    "net.ipv4.ip_forward": "1",
    "net.ipv4.conf.IFNAME.send_redirects": "0",
    "net.ipv4.conf.IFNAME.arp_notify": "1",
  };
  const v6 = { "net.ipv6.conf.IFNAME.accept_redirects": "0", "net.ipv6.conf.IFNAME.router_probe_interval": "1" };
  const v6Forwarding = { "net.ipv6.conf.all.forwarding": "1", "net.ipv6.conf.IFNAME.accept_dad": "0" };
  return {
    "net.ipv6.conf.IFNAME.accept_ra": "0",
    ...(families.has(4) && { ...v4, ...(forwards && v4Forwarding) }),
    ...(families.has(6) && { ...v6, ...(forwards && v6Forwarding) }),
    ...sysctls,
  };
}

function differs(
  { manifest }: AttachableNetwork,
  link: ExpectedLink,
  parameters: { readonly key: string; readonly held: string; readonly meant: string },
): Diagnostic {
  const path = manifest.kind === "NetworkAttachmentDefinition" ? ["spec", "config"] : ["spec"];
  const related = [{ place: link.origin, label: "meant here" }];
  const what = formatName(manifest);
  return verifyRules.diagnose(
    "link-setting",
    locateInManifest(manifest, ...path),
    { what, ...parameters },
    { related },
  );
}
