import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../../diagnostics/suggest.ts";
import type { Instance, Party } from "../../ir/intent.ts";
import type { Workload, Workloads } from "../../ir/workload.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, parseKnownCidr, toHostCidr } from "../../net/cidr.ts";
import { type AddressRange, splitIntoCidrs } from "../../net/range.ts";
import { type NodePlace, placeBelow } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { ExternalNetworkSpec } from "../external-network/types.ts";
import type { IsolationZoneSpec } from "../isolation-zone/types.ts";
import type { IntentReference, NamedParty } from "../kind.ts";
import type { ResolvedParty, Segment } from "../plan-builder.ts";
import type { VpnEgressSpec } from "../vpn-egress/types.ts";
import { type Member, reportUnknownWorkload } from "./members.ts";
import { type MemberListing, suggestOwnRange } from "./own-range.ts";
import { partyRules } from "./party-rules.ts";

/** Keys of a party and the kinds that they name. */
const kinds = { zone: "IsolationZone", external: "ExternalNetwork", network: "Network", vpn: "VpnEgress" } as const;

/** What is wrong with the party by itself. */
export function checkParty({ party, from }: NamedParty, workloads: Workloads): Diagnostic[] {
  const present = (["zone", "external", "network", "vpn", "cidr", "internet", "workload"] as const).filter(
    (key) => party[key] !== undefined && party[key] !== false,
  );
  if (present.length !== 1)
    return [
      partyRules.diagnose("not-exactly-one", from, { found: present.length === 0 ? "none" : present.join(" and ") }),
    ];
  if (party.host !== undefined && party.external === undefined && party.network === undefined)
    return [partyRules.diagnose("host-without-external", placeBelow(from, "host"), {})];
  if (party.workload && !workloads.find(party.workload))
    return [reportUnknownWorkload(party.workload, placeBelow(from, "workload", "name"), workloads)];
  return [];
}

/** Other intents that a party names. */
export function listPartyReferences({ party, from }: NamedParty): IntentReference[] {
  return (["zone", "external", "network", "vpn"] as const).flatMap((key) => {
    const name = party[key];
    return name === undefined ? [] : [{ kind: kinds[key], name, from: placeBelow(from, key) }];
  });
}

/** What party resolution asks of the plan. */
export interface PartyContext {
  readonly workloads: Workloads;
  find(kind: string, name: string): Instance | undefined;
  site(network: string): Segment | undefined;
  /** Networks that a workload is a member of, zones first. */
  memberships(workload: Workload): readonly { readonly network: string; readonly member: Member }[];
  /** Addresses that a member has for itself. */
  ownAddresses(network: string, member: Member): readonly AddressRange[];
  /** Every address that is in no network of the project and is not the cluster's own. */
  internet(): readonly Cidr[];
}

/** A party with its addresses, or what keeps it from having any. */
export function resolveParty(
  party: Party,
  from: NodePlace,
  scene: PartyContext,
): ResolvedParty | Diagnostic | undefined {
  if (party.cidr !== undefined) return resolveBareCidrs([parseKnownCidr(party.cidr)], "an address range");
  if (party.internet) return { ...resolveBareCidrs(scene.internet(), "the internet"), internet: true };
  if (party.zone !== undefined) return wholeNetwork(`isolationzone/${party.zone}`, `zone ${party.zone}`, scene);
  if (party.vpn !== undefined) return behindVpn(party.vpn, scene);
  if (party.external !== undefined) return external(party.external, party.host, from, scene);
  if (party.workload) return ofWorkload(party.workload, from, scene);
  return undefined;
}

function resolveBareCidrs(cidrs: readonly Cidr[], description: string): ResolvedParty {
  const end = { party: undefined, cidrs, namespaces: [], workload: undefined };
  return { network: undefined, id: undefined, cidrs, workload: undefined, end, description };
}

function wholeNetwork(network: string, description: string, scene: PartyContext): ResolvedParty | undefined {
  const site = scene.site(network);
  if (!site) return undefined;
  const cidrs = site.subnets;
  return {
    network,
    id: network,
    cidrs,
    workload: undefined,
    description,
    end: { party: network, cidrs, namespaces: [], workload: undefined },
  };
}

function behindVpn(name: string, scene: PartyContext): ResolvedParty | undefined {
  const instance = scene.find(kinds.vpn, name);
  if (!instance) return undefined;
  const { destinations } = instance.spec as VpnEgressSpec;
  const cidrs = destinations.flatMap((one) =>
    one === "any" ? [parseKnownCidr("0.0.0.0/0"), parseKnownCidr("::/0")] : [parseKnownCidr(one)],
  );
  const id = instance.intent.id;
  return {
    network: undefined,
    id,
    cidrs,
    workload: undefined,
    description: `vpn ${name}`,
    end: { party: id, cidrs, namespaces: [], workload: undefined },
  };
}

function external(
  name: string,
  host: string | undefined,
  from: NodePlace,
  scene: PartyContext,
): ResolvedParty | Diagnostic | undefined {
  const instance = scene.find(kinds.external, name);
  const network = `externalnetwork/${name}`;
  const site = scene.site(network);
  if (!instance || !site) return undefined;
  const spec = instance.spec as ExternalNetworkSpec;
  if (host === undefined) {
    const cidrs = [...site.subnets, ...(spec.routes ?? []).map((route) => parseKnownCidr(route.to))];
    return {
      network,
      id: network,
      cidrs,
      workload: undefined,
      description: `external ${name}`,
      end: { party: network, cidrs, namespaces: [], workload: undefined },
    };
  }
  const found = (spec.hosts ?? []).find((one) => one.name === host);
  if (!found) return noSuchHost(instance, host, from);
  const cidrs = found.addresses.map((text) => toHostCidr(parseAddress(text) as Address));
  return {
    network,
    id: network,
    cidrs,
    workload: undefined,
    description: `host ${host} of ${name}`,
    end: { party: network, cidrs, namespaces: [], workload: undefined },
  };
}

/** A host that an ExternalNetwork or a Network does not have; undefined where it has it, or where nothing is asked. */
export function unknownHost({ party, from }: NamedParty, scene: Pick<PartyContext, "find">): Diagnostic | undefined {
  const { host, external: outside, network } = party;
  const instance =
    outside === undefined ? network && scene.find(kinds.network, network) : scene.find(kinds.external, outside);
  if (host === undefined || !instance) return undefined;
  const { hosts = [] } = instance.spec as Pick<ExternalNetworkSpec, "hosts">;
  return hosts.some((one) => one.name === host) ? undefined : noSuchHost(instance, host, from);
}

function noSuchHost({ intent, spec }: Instance, host: string, from: NodePlace): Diagnostic {
  const names = ((spec as Pick<ExternalNetworkSpec, "hosts">).hosts ?? []).map((one) => one.name);
  const notes = names.length === 0 ? ["it lists no hosts"] : [`its hosts are: ${formatList(names)}`];
  const extra = { notes, help: formatSuggestion(host, names) };
  return partyRules.diagnose(
    "unknown-host",
    placeBelow(from, "host"),
    { kind: intent.kind, host, external: intent.name },
    extra,
  );
}

function ofWorkload(
  ref: NonNullable<Party["workload"]>,
  from: NodePlace,
  scene: PartyContext,
): ResolvedParty | Diagnostic | undefined {
  const workload = scene.workloads.find(ref);
  if (!workload) return undefined;
  const [first] = scene.memberships(workload);
  if (!first) {
    const help = "add it to the `members` of a zone";
    return partyRules.diagnose("not-attached", placeBelow(from, "workload"), { ref: formatDisplayName(ref) }, { help });
  }
  const own = scene.ownAddresses(first.network, first.member);
  if (own.length === 0) {
    const extra = {
      related: [{ place: first.member.place, label: "a member here" }],
      help: suggestOwnRange(ref, workload.pods, first.network, listingOf(first.member, first.network, scene)),
    };
    return partyRules.diagnose(
      "no-addresses",
      placeBelow(from, "workload"),
      { ref: formatDisplayName(ref), network: first.network },
      extra,
    );
  }
  const cidrs = own.flatMap(splitIntoCidrs);
  const end = { party: first.network, cidrs, namespaces: [ref.namespace], workload: ref };
  return { network: first.network, id: first.network, cidrs, workload, description: formatDisplayName(ref), end };
}

function listingOf({ spec }: Member, network: string, { find, workloads }: PartyContext): MemberListing {
  if (spec.workload) return { by: "entry" };
  if (spec.namespace !== undefined) return { by: "selection" };
  const zone = find(kinds.zone, network.slice(network.indexOf("/") + 1))?.spec as IsolationZoneSpec | undefined;
  const namespaces = zone?.namespaces.filter((name) => workloads.inNamespace(name).length > 0) ?? [];
  return { by: "default", namespaces };
}
