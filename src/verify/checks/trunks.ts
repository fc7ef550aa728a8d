import type { Diagnostic, Related } from "../../diagnostics/diagnostic.ts";
import { vlanWithin } from "../../net/vlan.ts";
import type { NodePlace } from "../../source/place.ts";
import type { MeantLink } from "../expected/expected.ts";
import type { Watch } from "../expected/index.ts";
import { nameOf, placeIn } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { EVERY } from "../model/networks/trunk.ts";
import { attachedTo } from "../model/pods/attached-to.ts";
import { keepsRaw } from "../model/pods/keeps-raw.ts";
import type { Pod } from "../model/pods/pod.ts";
import { tagsFrames } from "../model/pods/tags-frames.ts";
import { verifyRules } from "../rules.ts";

/**
 * Networks that give a pod an uplink as a whole, or a trunk of it, where intents have VLANs of their own: a container that
 * tags frames is then on each of them, past every border.
 */
export function trunkLoopholes(model: Model, watch: Watch): readonly Diagnostic[] {
  const { adopted } = watch.meaning;
  const { held, links } = byWeight(watch);
  const wide = model.networks.filter((one) => one.trunk && !meantUntagged(one, links));
  if (wide.length === 0) return [];
  const uplinks = vlansByUplink(links);
  const open = wide.flatMap((network) => {
    const link = reached(network, uplinks);
    return link ? [{ network, link }] : [];
  });
  if (open.length === 0) return [];
  const trusted = new Set(adopted.flatMap((one) => one.nodes));
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
    const taking = own.filter((pod) => !written.has(pod.manifest) && tagsFrames(pod) !== undefined);
    const keeping = own.find((pod) => !written.has(pod.manifest) && keepsRaw(pod) !== undefined);
    if (!taking[0] || !held.has(link)) return [offered(network, link, keeping ?? first, keeping !== undefined)];
    return [taken(network, link, taking[0], taking.length - 1)];
  });
}

/**
 * Links with those first that are named first: zones, then other networks, then what nobody holds yet: zones under audit,
 * and external networks that are as they were before.
 */
function byWeight({ meaning }: Watch): { readonly links: readonly MeantLink[]; readonly held: ReadonlySet<MeantLink> } {
  const audit = new Map(meaning.zones.map((one) => [one.id, one.audit]));
  const zones = meaning.links.filter((one) => audit.get(one.network) === false);
  const others = meaning.links.filter((one) => !audit.has(one.network) && one.takesOver.length === 0);
  const held = new Set([...zones, ...others]);
  return { held, links: [...held, ...meaning.links.filter((one) => !held.has(one))] };
}

/** An untagged network that an intent asks for is on the whole link, and its pods are held by the guards of their zone. */
function meantUntagged({ manifest, trunk, namespace, name }: AttachableNetwork, links: readonly MeantLink[]): boolean {
  if (trunk !== EVERY) return false;
  return untaggedOf(links).has(manifest.intent ?? "") || untaggedOf(links).has(`${namespace}/${name}`);
}

const untagged = new WeakMap<readonly MeantLink[], ReadonlySet<string>>();

/** Intents of networks without a VLAN, and the objects that stood for them before; made once. */
function untaggedOf(links: readonly MeantLink[]): ReadonlySet<string> {
  const known = untagged.get(links);
  if (known) return known;
  const own = links.filter((one) => one.vlan === undefined);
  const made = new Set(own.flatMap((one) => [one.network, ...one.takesOver]));
  untagged.set(links, made);
  return made;
}

type Uplinks = ReadonlyMap<string, ReadonlyMap<number, MeantLink>>;

/** The networks of each uplink by VLAN, under every name that manifests have for it. */
function vlansByUplink(links: readonly MeantLink[]): Uplinks {
  const uplinks = new Map<string, Map<number, MeantLink>>();
  for (const link of links) {
    if (link.vlan === undefined) continue;
    for (const name of namesOf(link)) {
      const vlans = uplinks.get(name) ?? new Map<number, MeantLink>();
      uplinks.set(name, vlans);
      if (!vlans.has(link.vlan)) vlans.set(link.vlan, link);
    }
  }
  return uplinks;
}

function namesOf({ parent, interface: own, attach, bridgeIsThere, resourceName }: MeantLink): readonly string[] {
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
function reached(network: AttachableNetwork, uplinks: Uplinks): MeantLink | undefined {
  const { trunk = [], manifest } = network;
  for (const [vlan, link] of uplinks.get(uplinkOf(network)) ?? [])
    if (vlanWithin(trunk, vlan) && link.network !== manifest.intent) return link;
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
    for (const { network } of attachedTo(pod, byName).attached) {
      if (!network || !wanted.has(network)) continue;
      const list = found.get(network);
      if (list) list.push(pod);
      else found.set(network, [pod]);
    }
  return found;
}

function placeOf({ manifest }: AttachableNetwork): NodePlace {
  return placeIn(manifest, ...(manifest.kind === "NetworkAttachmentDefinition" ? ["spec", "config"] : ["spec"]));
}

function meantHere({ origin, vlan }: MeantLink): Related {
  return { place: origin, label: `VLAN ${vlan} of it` };
}

/** Container runtimes give NET_RAW to every container that does not drop it, and a raw socket writes tags too. */
function offered(network: AttachableNetwork, link: MeantLink, pod: Pod, keeps: boolean): Diagnostic {
  const who = keeps ? `${pod.id}, which keeps NET_RAW,` : "containers with NET_ADMIN or NET_RAW";
  const parameters = { what: nameOf(network.manifest), who, uplink: uplinkOf(network), vlan: Number(link.vlan) };
  const related = [{ place: pod.place, label: "a pod on it" }, meantHere(link)];
  return verifyRules.diagnose("trunk", placeOf(network), { ...parameters, other: link.network }, { related });
}

function taken(network: AttachableNetwork, link: MeantLink, pod: Pod, more: number): Diagnostic {
  const who = more === 0 ? pod.id : `${pod.id} (and ${more} more)`;
  const parameters = { pod: who, by: tagsFrames(pod) ?? "", network: nameOf(network.manifest) };
  const related = [{ place: placeOf(network), label: "the trunk" }, meantHere(link)];
  const other = { other: link.network, vlan: Number(link.vlan) };
  return verifyRules.diagnose("trunk-taken", pod.place, { ...parameters, ...other }, { related });
}
