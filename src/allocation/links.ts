import type { Diagnostic, Related } from "../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../diagnostics/suggest.ts";
import { type Fabric, formatVlanInterface, type Uplink } from "../ir/fabric.ts";
import type { Link } from "../ir/plan.ts";
import { isInterfaceName } from "../net/name.ts";
import { containsVlan, excludeVlan, formatVlans } from "../net/vlan.ts";
import { createVlanPool } from "./allocation-pools.ts";
import type { AllocationRequest, Allocator } from "./lock/allocator.ts";
import { networkRules } from "./network-rules.ts";
import { formatFabricPrefix, formatFormerKey, type PlacedRequest } from "./segment-state.ts";

export interface LinkAllocation {
  readonly link: Link;
  readonly uplink: Uplink | undefined;
}

/** The uplink and VLAN of every network of a Fabric. By intent id; a network with an error is missing. */
export function allocateLinks(
  fabric: Fabric,
  placed: readonly PlacedRequest[],
  allocator: Allocator,
  found: Diagnostic[],
): Map<string, LinkAllocation> {
  const linked = new Map<string, LinkAllocation>();
  const waiting = new Map<string, { request: AllocationRequest<number>; placed: PlacedRequest; uplink: Uplink }[]>();
  const shared = new Map<string, PlacedRequest>();
  const first = new Map<string, PlacedRequest>();
  for (const one of placed) {
    const { request: wish } = one;
    const before = first.get(wish.id);
    if (before) {
      sameOnBoth(before, one, found);
      continue;
    }
    first.set(wish.id, one);
    const { separation, vlan } = wish.spec;
    if (separation === "overlay" && wish.spec.uplink === undefined) {
      linked.set(wish.id, { link: overlayLink(), uplink: undefined });
      continue;
    }
    const uplink = uplinkOf(fabric, one, found);
    if (!uplink) continue;
    if (vlan === undefined && (separation === "physical" || separation === "shared"))
      linked.set(wish.id, { link: linkOn(uplink, undefined, one), uplink });
    else if (vlanFits(uplink, one, found)) {
      // Of those that share a VLAN, the first one holds it.
      const wire = `${uplink.name} ${vlan}`;
      if (separation === "shared" && shared.has(wire)) {
        linked.set(wish.id, { link: linkOn(uplink, vlan, one), uplink });
        continue;
      }
      if (separation === "shared") shared.set(wire, one);
      const key = `${formatFabricPrefix(fabric, wish.id)}/vlan.${uplink.name}`;
      const place = vlan === undefined ? wish.origin : wish.at("vlan");
      const request = {
        key,
        formerKey: formatFormerKey(key, wish.id, wish.formerName),
        who: wish.id,
        place,
        pinned: vlan,
      };
      push(waiting, uplink.name, { request, placed: one, uplink });
    }
  }
  for (const [name, requests] of waiting) {
    const { uplink: on } = requests[0] as { uplink: Uplink };
    const untagged = [...linked.values()].some(({ uplink, link }) => uplink?.name === name && link.vlan === undefined);
    const pins = requests.some(({ request }) => request.pinned === on.nativeVlan);
    // Whoever writes the native VLAN is told of it: `checkNative`.
    const vlans = untagged && !pins ? excludeVlan(on.vlans, on.nativeVlan) : on.vlans;
    const given = allocator.allocate(
      createVlanPool(fabric.name, name, vlans),
      requests.map((one) => one.request),
    );
    for (const { request, placed: one, uplink } of requests) {
      const vlan = given.get(request.key);
      if (vlan !== undefined) linked.set(one.request.id, { link: linkOn(uplink, vlan, one), uplink });
    }
  }
  for (const one of first.values()) checkLink(one, linked.get(one.request.id), found);
  checkAlone([...first.values()], found);
  checkLinks(fabric, [...first.values()], linked, found);
  checkNative([...first.values()], linked, found);
  checkOverridden(fabric, placed, linked, found);
  return linked;
}

/** The same in clusters with uplinks of their own: two networks may meet there that do not meet in the first cluster. */
function checkOverridden(
  fabric: Fabric,
  placed: readonly PlacedRequest[],
  linked: ReadonlyMap<string, LinkAllocation>,
  found: Diagnostic[],
): void {
  const told = new Set(found.map(({ code, message }) => `${code} ${message}`));
  for (const [cluster, uplinks] of fabric.uplinksOf) {
    const there = placed.filter((one) => one.cluster.name === cluster);
    const own = { ...fabric, uplinks };
    const here = new Map<string, LinkAllocation>();
    for (const one of there) {
      const known = linked.get(one.request.id);
      // An uplink that is missing there is told where the network is linked.
      const uplink = known?.uplink && uplinkOf(own, one, []);
      if (known && uplink) here.set(one.request.id, { link: linkOn(uplink, known.link.vlan, one), uplink });
    }
    const more: Diagnostic[] = [];
    checkLinks(own, there, here, more);
    checkNative(there, here, more);
    for (const one of more) {
      const key = `${one.code} ${one.message}`;
      if (!told.has(key)) found.push(one);
      told.add(key);
    }
  }
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The link as it is in the wish's own cluster: its uplinks may be others, on the same VLAN. */
export function resolveLinkInCluster(
  fabric: Fabric,
  one: PlacedRequest,
  linked: LinkAllocation,
  found: Diagnostic[],
): LinkAllocation | undefined {
  const own = fabric.uplinksOf.get(one.cluster.name);
  if (!own || !linked.uplink) return linked;
  const uplink = uplinkOf({ ...fabric, uplinks: own }, one, found);
  if (!uplink) return undefined;
  const here = { link: linkOn(uplink, linked.link.vlan, one), uplink };
  checkLink(one, here, found);
  return here;
}

function overlayLink(): Link {
  return {
    separation: "overlay",
    uplink: undefined,
    parent: undefined,
    interface: undefined,
    vlanInterface: undefined,
    vlan: undefined,
    attach: "overlay",
    resourceName: undefined,
    physicalNetwork: undefined,
    nodes: undefined,
    bridgeIsThere: false,
    place: undefined,
  };
}

function linkOn(uplink: Uplink, vlan: number | undefined, { request }: PlacedRequest): Link {
  const attach = request.spec.attach ?? uplink.attach;
  const bridgeIsThere = attach === "bridge" && uplink.bridge !== undefined;
  const ownLink = vlan !== undefined && attach !== "sriov" && attach !== "ovs" && !bridgeIsThere;
  return {
    separation: request.spec.separation,
    uplink: uplink.name,
    parent: uplink.interface,
    interface: linkName(uplink, vlan, attach),
    vlanInterface: ownLink ? formatVlanInterface(uplink, vlan) : undefined,
    vlan,
    attach,
    resourceName: uplink.resourceName,
    physicalNetwork: uplink.physicalNetwork,
    nodes: uplink.nodes,
    bridgeIsThere,
    place: uplink.place,
  };
}

/** A CNI bridge is a bridge of the node with the VLAN link enslaved; the others sit on the link itself. */
function linkName(uplink: Uplink, vlan: number | undefined, attach: string): string | undefined {
  if (attach === "bridge") return uplink.bridge ?? `br-${vlan ?? uplink.interface}`;
  if (attach === "sriov" || attach === "ovs") return uplink.interface;
  return formatVlanInterface(uplink, vlan);
}

function uplinkOf(fabric: Fabric, { request, cluster }: PlacedRequest, found: Diagnostic[]): Uplink | undefined {
  const { separation, uplink: name } = request.spec;
  const names = [...fabric.uplinks.keys()];
  if (name === undefined) {
    const help = names.length > 0 ? `add \`uplink:\`; Fabric \`${fabric.name}\` has: ${formatList(names)}` : undefined;
    found.push(networkRules.diagnose("missing-uplink", request.at(), { separation }, { help }));
    return undefined;
  }
  const uplink = fabric.uplinks.get(name);
  if (uplink) return uplink;
  if (names.length === 0)
    found.push(networkRules.diagnose("no-fabric", request.at("uplink"), { cluster: cluster.name }));
  else {
    const extra = { notes: [`its uplinks are: ${formatList(names)}`], help: formatSuggestion(name, names) };
    found.push(networkRules.diagnose("unknown-uplink", request.at("uplink"), { name, fabric: fabric.name }, extra));
  }
  return undefined;
}

function vlanFits(uplink: Uplink, { request }: PlacedRequest, found: Diagnostic[]): boolean {
  const { vlan } = request.spec;
  const related = [{ place: uplink.place, label: "the uplink" }];
  if (uplink.vlans.length === 0) {
    const place = vlan === undefined ? request.at("uplink") : request.at("vlan");
    found.push(networkRules.diagnose("vlan-on-untagged", place, { uplink: uplink.name }, { related }));
    return false;
  }
  if (vlan === undefined || containsVlan(uplink.vlans, vlan)) return true;
  const notes = [`its \`vlans\` are ${formatVlans(uplink.vlans)}`];
  found.push(
    networkRules.diagnose("vlan-out-of-range", request.at("vlan"), { vlan, uplink: uplink.name }, { related, notes }),
  );
  return false;
}

function checkLink({ request }: PlacedRequest, linked: LinkAllocation | undefined, found: Diagnostic[]): void {
  const uplink = linked?.uplink;
  if (!linked || !uplink) return;
  const { link } = linked;
  const name = formatVlanInterface(uplink, link.vlan);
  const related = [{ place: uplink.place, label: "the uplink" }];
  if (name !== undefined && !isInterfaceName(name))
    found.push(networkRules.diagnose("interface-too-long", request.origin, { name }, { related }));
  else if (link.attach === "bridge" && link.interface !== undefined && !isInterfaceName(link.interface)) {
    const help = "name a bridge that the nodes have: `bridge: br1` on the uplink";
    found.push(
      networkRules.diagnose("interface-too-long", request.origin, { name: link.interface }, { related, help }),
    );
  }
  if (link.attach === "sriov" && uplink.attach !== "sriov" && uplink.resourceName === undefined)
    found.push(networkRules.diagnose("missing-resource", uplink.place, { uplink: uplink.name }));
  const mtu = request.spec.mtu ?? uplink.mtu;
  if (mtu > uplink.mtu)
    found.push(
      networkRules.diagnose(
        "mtu-above-uplink",
        request.at("mtu"),
        { mtu, uplink: uplink.name, limit: uplink.mtu },
        { related },
      ),
    );
}

/** Two networks on one link of a node are one network, whatever their VLANs are called. */
function checkLinks(
  fabric: Fabric,
  placed: readonly PlacedRequest[],
  linked: ReadonlyMap<string, LinkAllocation>,
  found: Diagnostic[],
): void {
  const users = new Map<string, LinkUser>();
  const uplinks = uplinkNames(fabric);
  for (const one of placed) {
    const link = linked.get(one.request.id)?.link;
    // Virtual functions and Open vSwitch ports carry the VLAN themselves; their link is the uplink's.
    if (!link?.interface || link.bridgeIsThere || link.attach === "sriov" || link.attach === "ovs") continue;
    const report = (name: string, other: string, related: Related) =>
      found.push(networkRules.diagnose("same-link", one.request.origin, { link: name, other }, { related: [related] }));
    for (const name of new Set([link.interface, link.vlanInterface])) {
      if (name === undefined) continue;
      const uplink = name === link.parent ? undefined : uplinks.get(name);
      if (uplink) report(name, `uplink \`${uplink.name}\``, { place: uplink.place, label: "the uplink" });
      const user = users.get(name);
      if (!user) users.set(name, { one, link });
      else if (!mayShare(user, { one, link }))
        report(name, user.one.request.id, { place: user.one.request.origin, label: "the other network" });
    }
  }
}

interface LinkUser {
  readonly one: PlacedRequest;
  readonly link: Link;
}

/** Both say that they share it, and it is one VLAN of one uplink for both. */
function mayShare(a: LinkUser, b: LinkUser): boolean {
  const isShared = ({ one }: LinkUser) => one.request.spec.separation === "shared";
  return isShared(a) && isShared(b) && a.link.uplink === b.link.uplink && a.link.vlan === b.link.vlan;
}

/** Interfaces and bridges of the nodes that are there already. */
function uplinkNames(fabric: Fabric): ReadonlyMap<string, Uplink> {
  const names = new Map<string, Uplink>();
  for (const uplink of fabric.uplinks.values())
    for (const name of [uplink.interface, uplink.bridge]) if (name !== undefined) names.set(name, uplink);
  return names;
}

/** What is sent without a tag is of the uplink's native VLAN on the switch: a network with that VLAN is the untagged one. */
function checkNative(
  placed: readonly PlacedRequest[],
  linked: ReadonlyMap<string, LinkAllocation>,
  found: Diagnostic[],
): void {
  const untagged = new Map<Uplink, PlacedRequest>();
  for (const one of placed) {
    const known = linked.get(one.request.id);
    if (known?.uplink && known.link.vlan === undefined && !untagged.has(known.uplink)) untagged.set(known.uplink, one);
  }
  for (const { request } of placed) {
    const known = linked.get(request.id);
    const other = known?.uplink && untagged.get(known.uplink);
    if (!known?.uplink || !other || known.link.vlan !== known.uplink.nativeVlan) continue;
    const { name, nativeVlan: vlan } = known.uplink;
    const related = [{ place: other.request.at("uplink"), label: "untagged" }];
    const place = request.spec.vlan === undefined ? request.origin : request.at("vlan");
    const parameters = { vlan, uplink: name, other: other.request.id };
    found.push(networkRules.diagnose("native-vlan", place, parameters, { related }));
  }
}

/** An uplink of its own: whoever else uses it makes the separation logical. */
function checkAlone(placed: readonly PlacedRequest[], found: Diagnostic[]): void {
  const users = new Map<string, PlacedRequest[]>();
  for (const one of placed) {
    const { uplink } = one.request.spec;
    if (uplink !== undefined) push(users, uplink, one);
  }
  for (const [uplink, all] of users) {
    const physical = all.find((one) => one.request.spec.separation === "physical");
    const other = all.find((one) => one !== physical);
    if (!physical || !other) continue;
    const related = [{ place: other.request.at("uplink"), label: `${other.request.id} uses it` }];
    found.push(
      networkRules.diagnose(
        "uplink-not-alone",
        physical.request.at("uplink"),
        { uplink, other: other.request.id },
        { related },
      ),
    );
  }
}

/** Clusters of one Fabric share its layer 2, so a network has one VLAN and one set of subnets there. */
function sameOnBoth(first: PlacedRequest, second: PlacedRequest, found: Diagnostic[]): void {
  for (const key of ["uplink", "vlan", "subnets"] as const) {
    if (JSON.stringify(first.request.spec[key]) === JSON.stringify(second.request.spec[key])) continue;
    const parameters = { what: `\`${key}\``, cluster: second.cluster.name, other: first.cluster.name };
    const related = [{ place: first.request.at(key), label: "as it is in the other" }];
    found.push(networkRules.diagnose("differs-in-cluster", second.request.at(key), parameters, { related }));
  }
}
