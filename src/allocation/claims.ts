import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Fabric } from "../ir/fabric.ts";
import type { Instance } from "../ir/intent.ts";
import type { AddressClaim, BlockClaim, Claim, NumberClaim } from "../kinds/shared/claims.ts";
import type { Member } from "../kinds/shared/members.ts";
import { type Address, formatAddress, parseAddress, sameAddress } from "../net/address.ts";
import { type Cidr, containsAddress, formatCidr, hostsOf, rangeOf } from "../net/cidr.ts";
import { type AddressRange, oneAddress, rangeHolds } from "../net/range.ts";
import type { NodePlace } from "../source/place.ts";
import { type AddressRequest, type AddressSpace, addressSpace } from "./address-space.ts";
import type { Allocator } from "./lock/allocator.ts";
import { networkRules } from "./network-rules.ts";
import { fabricKey, formerKey, type SiteState } from "./site-state.ts";
import { type Numbered, type NumberRequest, numberSpace } from "./spaces.ts";

/** What an intent claims in one cluster. */
export interface MadeClaim {
  readonly instance: Instance;
  readonly cluster: string;
  readonly claim: Claim;
}

/** Everything that was given out on one Fabric, by key. */
export interface Given {
  readonly ranges: ReadonlyMap<string, AddressRange>;
  readonly numbers: ReadonlyMap<string, Numbered>;
  readonly space: AddressSpace;
}

/** Key of an address or number that the whole Fabric shares. */
export function sharedKey(fabric: Fabric, intent: string, field: string): string {
  return `${fabricKey(fabric, intent)}/${field}`;
}

/** Key of what each cluster has for itself. */
export function clusterKey(cluster: string, intent: string, field: string): string {
  return `cluster/${cluster}/${intent}/${field}`;
}

/** `range.payments.deployment.api`. */
export function memberField(what: "member" | "range", member: Member): string {
  const { namespace, kind, name } = member.workload;
  return `${what}.${namespace}.${kind.toLowerCase()}.${name}`;
}

/** `member.payments.statefulset.db.pod.1`: where the fixed addresses of a member's pods are recorded. */
export function podField(member: Member, ordinal: number): string {
  return `${memberField("member", member)}.pod.${ordinal}`;
}

/** Fixed addresses of a member as they are written, each with the field that records it. */
function fixedOf(member: Member) {
  const { perPod, addresses = [] } = member.spec;
  if (!perPod)
    return addresses.map((text, index) => ({
      text,
      field: memberField("member", member),
      place: member.at("addresses", index),
    }));
  return perPod.flatMap((own, ordinal) =>
    own.map((text, index) => ({
      text,
      field: podField(member, ordinal),
      place: member.at("addresses", "perPod", ordinal, index),
    })),
  );
}

export function settleClaims(
  fabric: Fabric,
  sites: readonly SiteState[],
  made: readonly MadeClaim[],
  allocator: Allocator,
  found: Diagnostic[],
): Given {
  const byNetwork = new Map(sites.map((site) => [`${site.cluster.name} ${site.wish.id}`, site]));
  const addresses = new Map<string, AddressRequest>();
  const numbers = new Map<string, NumberRequest>();
  for (const site of sites) for (const member of site.wish.members) memberRequests(site, member, addresses, found);
  for (const one of made) {
    const network = one.claim.type === "number" ? networkOfNumber(one.claim) : one.claim.network;
    const site = network === undefined ? undefined : byNetwork.get(`${one.cluster} ${network}`);
    if (one.claim.type === "number") numberRequest(fabric, one, site, numbers);
    else if (site) addressRequest(fabric, one, one.claim, site, addresses, found);
  }
  const subnets = new Map(sites.map((site) => [site.wish.id, site.subnets]));
  const space = addressSpace(fabric, [...subnets.values()].flat());
  const ranges = allocator.settle(space, [...addresses.values()]);
  const numbersGiven = allocator.settle(
    numberSpace("virtual router id", "the VLAN", (key) => /\/vrid\.[^/]+\.([^/]+)$/.exec(key)?.[1]),
    [...numbers.values()].filter((request) => !request.key.endsWith("/priority")),
  );
  const priorities = allocator.settle(
    numberSpace("policy priority", "the cluster", (key) => /^cluster\/([^/]+)\/.*\/priority$/.exec(key)?.[1]),
    [...numbers.values()].filter((request) => request.key.endsWith("/priority")),
  );
  return { ranges, numbers: new Map([...numbersGiven, ...priorities]), space };
}

function networkOfNumber(claim: NumberClaim): string | undefined {
  return claim.space.kind === "vrid" ? claim.space.network : undefined;
}

function memberRequests(
  site: SiteState,
  member: Member,
  requests: Map<string, AddressRequest>,
  found: Diagnostic[],
): void {
  const { wish, cluster } = site;
  const hasPool = (wish.spec.addressing ?? "pool") === "pool";
  if ((member.spec.addresses || member.spec.range) && !hasPool && wish.spec.addressing === "dhcp") {
    const key = member.spec.addresses ? "addresses" : "range";
    found.push(networkRules.diagnose("addressing-has-subnets", member.at(key), { addressing: wish.spec.addressing }));
    return;
  }
  if (member.spec.setBy === "guest" && wish.spec.addressing !== "none") {
    found.push(networkRules.diagnose("guest-beside-pool", member.at("setBy"), { network: wish.id }));
    return;
  }
  for (const { text, field, place } of fixedOf(member)) {
    const address = parseAddress(text) as Address;
    const key = clusterKey(cluster.name, wish.id, `${field}.ipv${address.family}`);
    const subnet = subnetFor(site, address, place, "member", found);
    if (subnet) requests.set(key, requestFor(site, key, subnet, place, oneAddress(address), 1));
  }
  if (!member.spec.range) return;
  for (const subnet of site.subnets) {
    const key = clusterKey(cluster.name, wish.id, `${memberField("range", member)}.ipv${subnet.family}`);
    requests.set(key, requestFor(site, key, subnet, member.at("range"), undefined, member.spec.range.size));
  }
}

function requestFor(
  site: SiteState,
  key: string,
  subnet: Cidr,
  place: NodePlace,
  pinned: AddressRange | undefined,
  size: number,
  who: { readonly id: string; readonly formerName: string | undefined } = site.wish,
): AddressRequest {
  return {
    key,
    formerKey: formerKey(key, who.id, who.formerName),
    who: who.id,
    place,
    pinned,
    subnet,
    // Nothing is kept for gateways in what was there before: theirs are written.
    free: size === 1 && site.wish.spec.existing ? [] : (site.free.get(subnet) ?? []),
    size,
    ...(size === 1 && site.wish.members.length === 0 && !site.wish.spec.existing && { noPods: true as const }),
    words: `the share of cluster \`${site.cluster.name}\` in ${formatCidr(subnet)} of ${site.wish.id}`,
  };
}

function addressRequest(
  fabric: Fabric,
  { instance, cluster }: MadeClaim,
  claim: AddressClaim | BlockClaim,
  site: SiteState,
  requests: Map<string, AddressRequest>,
  found: Diagnostic[],
): void {
  const { intent } = instance;
  if (claim.type === "block") {
    for (const subnet of site.subnets) {
      const key = clusterKey(cluster, intent.id, `${claim.field}.ipv${subnet.family}`);
      requests.set(key, requestFor(site, key, subnet, claim.place, undefined, claim.size, intent));
    }
    return;
  }
  const key = sharedKey(fabric, intent.id, `${claim.field}.ipv${claim.family}`);
  const known = requests.get(key);
  if (known) return;
  const pinned = claim.pinned;
  const subnet = pinned
    ? subnetFor(site, pinned, claim.place, claim.use, found)
    : site.subnets.find((one) => one.family === claim.family);
  if (subnet) requests.set(key, requestFor(site, key, subnet, claim.place, pinned && oneAddress(pinned), 1, intent));
}

/** The subnet that a written address is in, if it may be there. */
function subnetFor(
  site: SiteState,
  address: Address,
  place: NodePlace,
  use: AddressClaim["use"],
  found: Diagnostic[],
): Cidr | undefined {
  const shown = formatAddress(address);
  const subnet = site.subnets.find((one) => containsAddress(one, address));
  if (!subnet) {
    const related = [{ place: site.wish.at("subnets"), label: "the network's subnets" }];
    found.push(networkRules.diagnose("outside-subnet", place, { address: shown, network: site.wish.id }, { related }));
    return undefined;
  }
  if (!rangeHolds(hostsOf(subnet), address)) {
    const isFirst = sameAddress(address, { family: subnet.family, value: rangeOf(subnet).start });
    found.push(
      networkRules.diagnose("not-a-host-address", place, { address: shown, what: isFirst ? "network" : "broadcast" }),
    );
    return undefined;
  }
  const index = site.reserved.findIndex((range) => rangeHolds(range, address));
  if (use === "member" && index >= 0) {
    const related = [{ place: site.wish.at("reserved", index), label: "reserved here" }];
    found.push(networkRules.diagnose("reserved-address", place, { address: shown }, { related }));
    return undefined;
  }
  return subnet;
}

function numberRequest(
  fabric: Fabric,
  { instance, cluster, claim }: MadeClaim,
  site: SiteState | undefined,
  requests: Map<string, NumberRequest>,
): void {
  if (claim.type !== "number") return;
  const { intent } = instance;
  const base = { place: claim.place, who: intent.id, pinned: undefined, first: claim.first, last: claim.last };
  const add = (key: string, group: string) =>
    requests.set(key, { ...base, key, group, formerKey: formerKey(key, intent.id, intent.formerName) });
  if (claim.space.kind === "priority") add(clusterKey(cluster, intent.id, "priority"), cluster);
  else if (site) {
    const group = vridGroup(site);
    add(vridKey(fabric, intent.id, claim.field, site), group);
  }
}

/** Router ids are unique on a VLAN; an overlay network is a layer 2 of its own. */
function vridGroup(site: SiteState): string {
  const { link } = site;
  return link.uplink === undefined ? site.wish.id.replace("/", "-") : `${link.uplink}-${link.vlan ?? "untagged"}`;
}

/** The VLAN is part of the key: on another VLAN, it is another id. */
export function vridKey(fabric: Fabric, intent: string, field: string, site: SiteState): string {
  return sharedKey(fabric, intent, `vrid.${field}.${vridGroup(site)}`);
}
