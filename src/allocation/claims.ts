import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Fabric } from "../ir/fabric.ts";
import type { Instance } from "../ir/intent.ts";
import type { AddressClaim, BlockClaim, Claim, NumberClaim } from "../kinds/shared/claims.ts";
import type { Member } from "../kinds/shared/members.ts";
import { type Address, formatAddress, isSameAddress, parseAddress } from "../net/address.ts";
import { type Cidr, computeHostRange, containsAddress, formatCidr, toRange } from "../net/cidr.ts";
import { type AddressRange, containsRangeAddress, toSingleRange } from "../net/range.ts";
import type { NodePlace } from "../source/place.ts";
import { type AddressPool, type AddressRequest, createAddressPool } from "./address-space.ts";
import { createNumberPool, type GroupedNumber, type NumberRequest } from "./allocation-pools.ts";
import type { Allocator } from "./lock/allocator.ts";
import { networkRules } from "./network-rules.ts";
import { formatFabricPrefix, formatFormerKey, type SegmentState } from "./segment-state.ts";

/** What an intent claims in one cluster. */
export interface InstanceClaim {
  readonly instance: Instance;
  readonly cluster: string;
  readonly claim: Claim;
}

/** Everything that was given out on one Fabric, by key. */
export interface Allocations {
  readonly ranges: ReadonlyMap<string, AddressRange>;
  readonly numbers: ReadonlyMap<string, GroupedNumber>;
  readonly space: AddressPool;
}

/** Key of an address or number that the whole Fabric shares. */
export function formatFabricKey(fabric: Fabric, intent: string, field: string): string {
  return `${formatFabricPrefix(fabric, intent)}/${field}`;
}

/** Key of what each cluster has for itself. */
export function formatClusterKey(cluster: string, intent: string, field: string): string {
  return `cluster/${cluster}/${intent}/${field}`;
}

/** `range.payments.deployment.api`. */
export function formatMemberField(what: "member" | "range", member: Member): string {
  const { namespace, kind, name } = member.workload;
  return `${what}.${namespace}.${kind.toLowerCase()}.${name}`;
}

/** `member.payments.statefulset.db.pod.1`: where the fixed addresses of a member's pods are recorded. */
export function formatPodField(member: Member, ordinal: number): string {
  return `${formatMemberField("member", member)}.pod.${ordinal}`;
}

/** Fixed addresses of a member as they are written, each with the field that records it. */
function listFixedAddresses(member: Member) {
  const { perPod, addresses = [] } = member.spec;
  if (!perPod)
    return addresses.map((text, index) => ({
      text,
      field: formatMemberField("member", member),
      place: member.at("addresses", index),
    }));
  return perPod.flatMap((own, ordinal) =>
    own.map((text, index) => ({
      text,
      field: formatPodField(member, ordinal),
      place: member.at("addresses", "perPod", ordinal, index),
    })),
  );
}

export function allocateClaims(
  fabric: Fabric,
  sites: readonly SegmentState[],
  made: readonly InstanceClaim[],
  allocator: Allocator,
  found: Diagnostic[],
): Allocations {
  const byNetwork = new Map(sites.map((site) => [`${site.cluster.name} ${site.request.id}`, site]));
  const addresses = new Map<string, AddressRequest>();
  const numbers = new Map<string, NumberRequest>();
  for (const site of sites)
    for (const member of site.request.members) addMemberRequests(site, member, addresses, found);
  for (const one of made) {
    const network = one.claim.type === "number" ? networkOfNumber(one.claim) : one.claim.network;
    const site = network === undefined ? undefined : byNetwork.get(`${one.cluster} ${network}`);
    if (one.claim.type === "number") addNumberRequest(fabric, one, site, numbers);
    else if (site) addAddressRequest(fabric, one, one.claim, site, addresses, found);
  }
  const subnets = new Map(sites.map((site) => [site.request.id, site.subnets]));
  const space = createAddressPool(fabric, [...subnets.values()].flat());
  const ranges = allocator.allocate(space, [...addresses.values()]);
  const numbersGiven = allocator.allocate(
    createNumberPool("virtual router id", "the VLAN", (key) => /\/vrid\.[^/]+\.([^/]+)$/.exec(key)?.[1]),
    [...numbers.values()].filter((request) => !request.key.endsWith("/priority")),
  );
  const priorities = allocator.allocate(
    createNumberPool("policy priority", "the cluster", (key) => /^cluster\/([^/]+)\/.*\/priority$/.exec(key)?.[1]),
    [...numbers.values()].filter((request) => request.key.endsWith("/priority")),
  );
  return { ranges, numbers: new Map([...numbersGiven, ...priorities]), space };
}

function networkOfNumber(claim: NumberClaim): string | undefined {
  return claim.space.kind === "vrid" ? claim.space.network : undefined;
}

function addMemberRequests(
  site: SegmentState,
  member: Member,
  requests: Map<string, AddressRequest>,
  found: Diagnostic[],
): void {
  const { request, cluster } = site;
  const hasPool = (request.spec.addressing ?? "pool") === "pool";
  if ((member.spec.addresses || member.spec.range) && !hasPool && request.spec.addressing === "dhcp") {
    const key = member.spec.addresses ? "addresses" : "range";
    found.push(
      networkRules.diagnose("addressing-has-subnets", member.at(key), { addressing: request.spec.addressing }),
    );
    return;
  }
  if (member.spec.setBy === "guest" && request.spec.addressing !== "none") {
    found.push(networkRules.diagnose("guest-beside-pool", member.at("setBy"), { network: request.id }));
    return;
  }
  for (const { text, field, place } of listFixedAddresses(member)) {
    const address = parseAddress(text) as Address;
    const key = formatClusterKey(cluster.name, request.id, `${field}.ipv${address.family}`);
    const subnet = findSubnetFor(site, address, place, "member", found);
    if (subnet) requests.set(key, buildAddressRequest(site, key, subnet, place, toSingleRange(address), 1));
  }
  if (!member.spec.range) return;
  for (const subnet of site.subnets) {
    const key = formatClusterKey(cluster.name, request.id, `${formatMemberField("range", member)}.ipv${subnet.family}`);
    requests.set(key, buildAddressRequest(site, key, subnet, member.at("range"), undefined, member.spec.range.size));
  }
}

function buildAddressRequest(
  site: SegmentState,
  key: string,
  subnet: Cidr,
  place: NodePlace,
  pinned: AddressRange | undefined,
  size: number,
  who: { readonly id: string; readonly formerName: string | undefined } = site.request,
): AddressRequest {
  return {
    key,
    formerKey: formatFormerKey(key, who.id, who.formerName),
    who: who.id,
    place,
    pinned,
    subnet,
    // Nothing is kept for gateways in what was there before: theirs are written.
    free: size === 1 && site.request.spec.existing ? [] : (site.free.get(subnet) ?? []),
    size,
    ...(size === 1 && site.request.members.length === 0 && !site.request.spec.existing && { noPods: true as const }),
    words: `the share of cluster \`${site.cluster.name}\` in ${formatCidr(subnet)} of ${site.request.id}`,
  };
}

function addAddressRequest(
  fabric: Fabric,
  { instance, cluster }: InstanceClaim,
  claim: AddressClaim | BlockClaim,
  site: SegmentState,
  requests: Map<string, AddressRequest>,
  found: Diagnostic[],
): void {
  const { intent } = instance;
  if (claim.type === "block") {
    for (const subnet of site.subnets) {
      const key = formatClusterKey(cluster, intent.id, `${claim.field}.ipv${subnet.family}`);
      requests.set(key, buildAddressRequest(site, key, subnet, claim.place, undefined, claim.size, intent));
    }
    return;
  }
  const key = formatFabricKey(fabric, intent.id, `${claim.field}.ipv${claim.family}`);
  const known = requests.get(key);
  if (known) return;
  const pinned = claim.pinned;
  const subnet = pinned
    ? findSubnetFor(site, pinned, claim.place, claim.use, found)
    : site.subnets.find((one) => one.family === claim.family);
  if (subnet)
    requests.set(key, buildAddressRequest(site, key, subnet, claim.place, pinned && toSingleRange(pinned), 1, intent));
}

/** The subnet that a written address is in, if it may be there. */
function findSubnetFor(
  site: SegmentState,
  address: Address,
  place: NodePlace,
  use: AddressClaim["use"],
  found: Diagnostic[],
): Cidr | undefined {
  const shown = formatAddress(address);
  const subnet = site.subnets.find((one) => containsAddress(one, address));
  if (!subnet) {
    const related = [{ place: site.request.at("subnets"), label: "the network's subnets" }];
    found.push(
      networkRules.diagnose("outside-subnet", place, { address: shown, network: site.request.id }, { related }),
    );
    return undefined;
  }
  if (!containsRangeAddress(computeHostRange(subnet), address)) {
    const isFirst = isSameAddress(address, { family: subnet.family, value: toRange(subnet).start });
    found.push(
      networkRules.diagnose("not-a-host-address", place, { address: shown, what: isFirst ? "network" : "broadcast" }),
    );
    return undefined;
  }
  const index = site.reserved.findIndex((range) => containsRangeAddress(range, address));
  if (use === "member" && index >= 0) {
    const related = [{ place: site.request.at("reserved", index), label: "reserved here" }];
    found.push(networkRules.diagnose("reserved-address", place, { address: shown }, { related }));
    return undefined;
  }
  return subnet;
}

function addNumberRequest(
  fabric: Fabric,
  { instance, cluster, claim }: InstanceClaim,
  site: SegmentState | undefined,
  requests: Map<string, NumberRequest>,
): void {
  if (claim.type !== "number") return;
  const { intent } = instance;
  const base = { place: claim.place, who: intent.id, pinned: undefined, first: claim.first, last: claim.last };
  const add = (key: string, group: string) =>
    requests.set(key, { ...base, key, group, formerKey: formatFormerKey(key, intent.id, intent.formerName) });
  if (claim.space.kind === "priority") add(formatClusterKey(cluster, intent.id, "priority"), cluster);
  else if (site) {
    const group = formatRouterIdGroup(site);
    add(formatRouterIdKey(fabric, intent.id, claim.field, site), group);
  }
}

/** Router ids are unique on a VLAN; an overlay network is a layer 2 of its own. */
function formatRouterIdGroup(site: SegmentState): string {
  const { link } = site;
  return link.uplink === undefined ? site.request.id.replace("/", "-") : `${link.uplink}-${link.vlan ?? "untagged"}`;
}

/** The VLAN is part of the key: on another VLAN, it is another id. */
export function formatRouterIdKey(fabric: Fabric, intent: string, field: string, site: SegmentState): string {
  return formatFabricKey(fabric, intent, `vrid.${field}.${formatRouterIdGroup(site)}`);
}
