import type { Diagnostic, Related } from "../../diagnostics/diagnostic.ts";
import { containsVlan } from "../../net/vlan.ts";
import type { NodePlace } from "../../source/place.ts";
import type { ExpectedLink } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { ALL_VLANS } from "../model/networks/trunk.ts";
import { resolveAttachments } from "../model/pods/attached-to.ts";
import { findNetRawContainer } from "../model/pods/net-raw.ts";
import type { Pod } from "../model/pods/pod.ts";
import { findFrameTagging } from "../model/pods/tags-frames.ts";
import { verifyRules } from "../rules.ts";

/**
 * Networks that give a pod an uplink as a whole, or a trunk of it, where intents have VLANs of their own: a container that
 * tags frames is then on each of them, past every border.
 */
export function checkTrunks(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const { externallyManaged } = watch.expected;
  const { held, links } = byWeight(watch);
  const wide = model.networks.filter((one) => one.trunk && !isExpectedUntagged(one, links));
  if (wide.length === 0) return [];
  const uplinks = vlansByUplink(links);
  const open = wide.flatMap((network) => {
    const link = reached(network, uplinks);
    return link ? [{ network, link }] : [];
  });
  if (open.length === 0) return [];
  const trusted = new Set(externallyManaged.flatMap((one) => one.nodes));
  const pods = podsOn(
    open.map((one) => one.network),
    model.pods.filter((pod) => !trusted.has(pod.id)),
    model,
  );
  // What containers of the output do is read elsewhere, command by command.
  const written = new Set(model.written);
  return open.flatMap(({ network, link }) => {
    const own = pods.get(network) ?? [];
    const [first] = own;
    if (!first) return [];
    const taking = own.filter((pod) => !written.has(pod.manifest) && findFrameTagging(pod) !== undefined);
    const keeping = own.find((pod) => !written.has(pod.manifest) && findNetRawContainer(pod) !== undefined);
    if (!taking[0] || !held.has(link)) return [offered(network, link, keeping ?? first, keeping !== undefined)];
    return [taken(network, link, taking[0], taking.length - 1)];
  });
}

/**
 * Links with those first that are named first: zones, then other networks, then what nobody holds yet: zones under audit,
 * and external networks that are as they were before.
 */
function byWeight({ expected }: ExpectedIndex): {
  readonly links: readonly ExpectedLink[];
  readonly held: ReadonlySet<ExpectedLink>;
} {
  const audit = new Map(expected.zones.map((one) => [one.id, one.audit]));
  const zones = expected.links.filter((one) => audit.get(one.network) === false);
  const others = expected.links.filter((one) => !audit.has(one.network) && one.takesOver.length === 0);
  const held = new Set([...zones, ...others]);
  return { held, links: [...held, ...expected.links.filter((one) => !held.has(one))] };
}

/** An untagged network that an intent asks for is on the whole link, and its pods are held by the guards of their zone. */
function isExpectedUntagged(
  { manifest, trunk, namespace, name }: AttachableNetwork,
  links: readonly ExpectedLink[],
): boolean {
  if (trunk !== ALL_VLANS) return false;
  return untaggedOf(links).has(manifest.intent ?? "") || untaggedOf(links).has(`${namespace}/${name}`);
}

const untagged = new WeakMap<readonly ExpectedLink[], ReadonlySet<string>>();

/** Intents of networks without a VLAN, and the objects that stood for them before; made once. */
function untaggedOf(links: readonly ExpectedLink[]): ReadonlySet<string> {
  const known = untagged.get(links);
  if (known) return known;
  const own = links.filter((one) => one.vlan === undefined);
  const made = new Set(own.flatMap((one) => [one.network, ...one.takesOver]));
  untagged.set(links, made);
  return made;
}

type Uplinks = ReadonlyMap<string, ReadonlyMap<number, ExpectedLink>>;

/** The networks of each uplink by VLAN, under every name that manifests have for it. */
function vlansByUplink(links: readonly ExpectedLink[]): Uplinks {
  const uplinks = new Map<string, Map<number, ExpectedLink>>();
  for (const link of links) {
    if (link.vlan === undefined) continue;
    for (const name of namesOf(link)) {
      const vlans = uplinks.get(name) ?? new Map<number, ExpectedLink>();
      uplinks.set(name, vlans);
      if (!vlans.has(link.vlan)) vlans.set(link.vlan, link);
    }
  }
  return uplinks;
}

function namesOf({ parent, interface: own, attach, bridgeIsThere, resourceName }: ExpectedLink): readonly string[] {
  return [
    ...(parent === undefined ? [] : [`link ${parent}`]),
    ...(bridgeIsThere && own !== undefined ? [`bridge ${own}`] : []),
    ...(attach === "ovs" && own !== undefined ? [`ovs ${own}`] : []),
    ...(resourceName === undefined ? [] : [`sriov ${resourceName}`]),
  ];
}

function uplinkOf({ domain }: AttachableNetwork): string {
  return domain.replace(/ vlan \d+$/, "");
}

/** Somebody else's VLAN within the trunk. */
function reached(network: AttachableNetwork, uplinks: Uplinks): ExpectedLink | undefined {
  const { trunk = [], manifest } = network;
  for (const [vlan, link] of uplinks.get(uplinkOf(network)) ?? [])
    if (containsVlan(trunk, vlan) && link.network !== manifest.intent) return link;
  return undefined;
}

function podsOn(
  networks: readonly AttachableNetwork[],
  pods: readonly Pod[],
  model: Model,
): ReadonlyMap<AttachableNetwork, readonly Pod[]> {
  const wanted = new Set(networks);
  const byName = new Map(model.networks.map((one) => [`${one.namespace}/${one.name}`, one]));
  const found = new Map<AttachableNetwork, Pod[]>();
  for (const pod of pods)
    for (const { network } of resolveAttachments(pod, byName).attached) {
      if (!network || !wanted.has(network)) continue;
      const list = found.get(network);
      if (list) list.push(pod);
      else found.set(network, [pod]);
    }
  return found;
}

function placeOf({ manifest }: AttachableNetwork): NodePlace {
  return locateInManifest(
    manifest,
    ...(manifest.kind === "NetworkAttachmentDefinition" ? ["spec", "config"] : ["spec"]),
  );
}

function buildRelated({ origin, vlan }: ExpectedLink): Related {
  return { place: origin, label: `VLAN ${vlan} of it` };
}

/** Container runtimes give NET_RAW to every container that does not drop it, and a raw socket writes tags too. */
function offered(network: AttachableNetwork, link: ExpectedLink, pod: Pod, keeps: boolean): Diagnostic {
  const who = keeps ? `${pod.id}, which keeps NET_RAW,` : "containers with NET_ADMIN or NET_RAW";
  const parameters = { what: formatName(network.manifest), who, uplink: uplinkOf(network), vlan: Number(link.vlan) };
  const related = [{ place: pod.place, label: "a pod on it" }, buildRelated(link)];
  return verifyRules.diagnose("trunk", placeOf(network), { ...parameters, other: link.network }, { related });
}

function taken(network: AttachableNetwork, link: ExpectedLink, pod: Pod, more: number): Diagnostic {
  const who = more === 0 ? pod.id : `${pod.id} (and ${more} more)`;
  const parameters = { pod: who, by: findFrameTagging(pod) ?? "", network: formatName(network.manifest) };
  const related = [{ place: placeOf(network), label: "the trunk" }, buildRelated(link)];
  const other = { other: link.network, vlan: Number(link.vlan) };
  return verifyRules.diagnose("trunk-taken", pod.place, { ...parameters, ...other }, { related });
}
