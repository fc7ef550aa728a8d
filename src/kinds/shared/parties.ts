import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean, listed } from "../../diagnostics/suggest.ts";
import type { Instance, Party } from "../../ir/intent.ts";
import type { Workload, Workloads } from "../../ir/workload.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, cidr, hostCidr } from "../../net/cidr.ts";
import { type AddressRange, rangeToCidrs } from "../../net/range.ts";
import { below, type NodePlace } from "../../source/place.ts";
import { wordsFor } from "../../workloads/words-for.ts";
import type { ExternalNetworkSpec } from "../external-network/types.ts";
import type { IsolationZoneSpec } from "../isolation-zone/types.ts";
import type { NamedParty, Reference } from "../kind.ts";
import type { ResolvedParty, Site } from "../plan-builder.ts";
import type { VpnEgressSpec } from "../vpn-egress/types.ts";
import { type Member, noSuchWorkload } from "./members.ts";
import { type Listing, ownRangeFor } from "./own-range.ts";
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
    return [partyRules.diagnose("host-without-external", below(from, "host"), {})];
  if (party.workload && !workloads.find(party.workload))
    return [noSuchWorkload(party.workload, below(from, "workload", "name"), workloads)];
  return [];
}

/** Other intents that a party names. */
export function partyReferences({ party, from }: NamedParty): Reference[] {
  return (["zone", "external", "network", "vpn"] as const).flatMap((key) => {
    const name = party[key];
    return name === undefined ? [] : [{ kind: kinds[key], name, from: below(from, key) }];
  });
}

/** What party resolution asks of the plan. */
export interface PartyScene {
  readonly workloads: Workloads;
  find(kind: string, name: string): Instance | undefined;
  site(network: string): Site | undefined;
  /** Networks that a workload is a member of, zones first. */
  memberships(workload: Workload): readonly { readonly network: string; readonly member: Member }[];
  /** Addresses that a member has for itself. */
  ownAddresses(network: string, member: Member): readonly AddressRange[];
  /** Every address that is in no network of the project and is not the cluster's own. */
  internet(): readonly Cidr[];
}

/** A party with its addresses, or what keeps it from having any. */
export function resolveParty(party: Party, from: NodePlace, scene: PartyScene): ResolvedParty | Diagnostic | undefined {
  if (party.cidr !== undefined) return bare([cidr(party.cidr)], "an address range");
  if (party.internet) return { ...bare(scene.internet(), "the internet"), internet: true };
  if (party.zone !== undefined) return wholeNetwork(`isolationzone/${party.zone}`, `zone ${party.zone}`, scene);
  if (party.vpn !== undefined) return behindVpn(party.vpn, scene);
  if (party.external !== undefined) return external(party.external, party.host, from, scene);
  if (party.workload) return ofWorkload(party.workload, from, scene);
  return undefined;
}

function bare(cidrs: readonly Cidr[], words: string): ResolvedParty {
  const end = { party: undefined, cidrs, namespaces: [], workload: undefined };
  return { network: undefined, id: undefined, cidrs, workload: undefined, end, words };
}

function wholeNetwork(network: string, words: string, scene: PartyScene): ResolvedParty | undefined {
  const site = scene.site(network);
  if (!site) return undefined;
  const cidrs = site.subnets;
  return {
    network,
    id: network,
    cidrs,
    workload: undefined,
    words,
    end: { party: network, cidrs, namespaces: [], workload: undefined },
  };
}

function behindVpn(name: string, scene: PartyScene): ResolvedParty | undefined {
  const instance = scene.find(kinds.vpn, name);
  if (!instance) return undefined;
  const { destinations } = instance.spec as VpnEgressSpec;
  const cidrs = destinations.flatMap((one) => (one === "any" ? [cidr("0.0.0.0/0"), cidr("::/0")] : [cidr(one)]));
  const id = instance.intent.id;
  return {
    network: undefined,
    id,
    cidrs,
    workload: undefined,
    words: `vpn ${name}`,
    end: { party: id, cidrs, namespaces: [], workload: undefined },
  };
}

function external(
  name: string,
  host: string | undefined,
  from: NodePlace,
  scene: PartyScene,
): ResolvedParty | Diagnostic | undefined {
  const instance = scene.find(kinds.external, name);
  const network = `externalnetwork/${name}`;
  const site = scene.site(network);
  if (!instance || !site) return undefined;
  const spec = instance.spec as ExternalNetworkSpec;
  if (host === undefined) {
    const cidrs = [...site.subnets, ...(spec.routes ?? []).map((route) => cidr(route.to))];
    return {
      network,
      id: network,
      cidrs,
      workload: undefined,
      words: `external ${name}`,
      end: { party: network, cidrs, namespaces: [], workload: undefined },
    };
  }
  const found = (spec.hosts ?? []).find((one) => one.name === host);
  if (!found) return noSuchHost(instance, host, from);
  const cidrs = found.addresses.map((text) => hostCidr(parseAddress(text) as Address));
  return {
    network,
    id: network,
    cidrs,
    workload: undefined,
    words: `host ${host} of ${name}`,
    end: { party: network, cidrs, namespaces: [], workload: undefined },
  };
}

/** A host that an ExternalNetwork or a Network does not have; undefined where it has it, or where nothing is asked. */
export function unknownHost({ party, from }: NamedParty, scene: Pick<PartyScene, "find">): Diagnostic | undefined {
  const { host, external: outside, network } = party;
  const instance =
    outside === undefined ? network && scene.find(kinds.network, network) : scene.find(kinds.external, outside);
  if (host === undefined || !instance) return undefined;
  const { hosts = [] } = instance.spec as Pick<ExternalNetworkSpec, "hosts">;
  return hosts.some((one) => one.name === host) ? undefined : noSuchHost(instance, host, from);
}

function noSuchHost({ intent, spec }: Instance, host: string, from: NodePlace): Diagnostic {
  const names = ((spec as Pick<ExternalNetworkSpec, "hosts">).hosts ?? []).map((one) => one.name);
  const notes = names.length === 0 ? ["it lists no hosts"] : [`its hosts are: ${listed(names)}`];
  const extra = { notes, help: didYouMean(host, names) };
  return partyRules.diagnose(
    "unknown-host",
    below(from, "host"),
    { kind: intent.kind, host, external: intent.name },
    extra,
  );
}

function ofWorkload(
  ref: NonNullable<Party["workload"]>,
  from: NodePlace,
  scene: PartyScene,
): ResolvedParty | Diagnostic | undefined {
  const workload = scene.workloads.find(ref);
  if (!workload) return undefined;
  const [first] = scene.memberships(workload);
  if (!first) {
    const help = "add it to the `members` of a zone";
    return partyRules.diagnose("not-attached", below(from, "workload"), { ref: wordsFor(ref) }, { help });
  }
  const own = scene.ownAddresses(first.network, first.member);
  if (own.length === 0) {
    const extra = {
      related: [{ place: first.member.place, label: "a member here" }],
      help: ownRangeFor(ref, workload.pods, first.network, listingOf(first.member, first.network, scene)),
    };
    return partyRules.diagnose(
      "no-addresses",
      below(from, "workload"),
      { ref: wordsFor(ref), network: first.network },
      extra,
    );
  }
  const cidrs = own.flatMap(rangeToCidrs);
  const end = { party: first.network, cidrs, namespaces: [ref.namespace], workload: ref };
  return { network: first.network, id: first.network, cidrs, workload, words: wordsFor(ref), end };
}

function listingOf({ spec }: Member, network: string, { find, workloads }: PartyScene): Listing {
  if (spec.workload) return { by: "entry" };
  if (spec.namespace !== undefined) return { by: "selection" };
  const zone = find(kinds.zone, network.slice(network.indexOf("/") + 1))?.spec as IsolationZoneSpec | undefined;
  const namespaces = zone?.namespaces.filter((name) => workloads.inNamespace(name).length > 0) ?? [];
  return { by: "default", namespaces };
}
