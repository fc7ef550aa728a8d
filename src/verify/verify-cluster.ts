import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import type { Instance, Party } from "../ir/intent.ts";
import type { Plan } from "../ir/plan.ts";
import type { ExpectationSpec } from "../kinds/expectation/types.ts";
import type { ExternalNetworkSpec } from "../kinds/external-network/types.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { type Cidr, cidr, hostCidr } from "../net/cidr.ts";
import { parseService, type Service } from "../net/service.ts";
import type { SourceFile } from "../source/source-file.ts";
import { compare } from "./checks/compare.ts";
import { assertExpectations, type Expected, type Held, heldOf } from "./checks/expectations.ts";
import { layers } from "./checks/layers.ts";
import { loopholes } from "./checks/loopholes.ts";
import { tooMuch } from "./checks/too-much.ts";
import { allFlows } from "./dataplane/all-flows.ts";
import { type Flows, noFlows } from "./dataplane/flow.ts";
import type { ExternalDevices, Meaning, MeantEnd, OtherVersion } from "./expected/expected.ts";
import { watch } from "./expected/index.ts";
import { meaningOf } from "./expected-from-plan.ts";
import { buildModel } from "./model/build-model.ts";
import type { Model } from "./model/model.ts";

/** Devices of external networks and Networks: the only ones that no manifest knows. */
export function devicesOf(plan: Plan, instances: readonly Instance[]): readonly ExternalDevices[] {
  const translated = onlyTranslated(plan);
  return instances
    .filter((one) => one.intent.kind === "ExternalNetwork" || hasDevices(one))
    .filter((one) => !(one.spec as ExternalNetworkSpec).network.existing?.config)
    .map((instance) => {
      const spec = instance.spec as ExternalNetworkSpec;
      const network = byId(plan.networks, ({ intent }) => intent).get(instance.intent.id);
      const gateways = typeof spec.gateway === "string" ? [spec.gateway] : (spec.gateway ?? []);
      const addresses = (texts: readonly string[]) => texts.map((text) => parseAddress(text) as Address);
      return {
        id: instance.intent.id,
        origin: instance.at("network"),
        subnets: network?.subnets ?? [],
        gateways: addresses(gateways),
        beyond: (spec.routes ?? []).map((route) => cidr(route.to)),
        hosts: (spec.hosts ?? []).map((host) => ({ name: host.name, cidrs: host.addresses.map(hostOrNetwork) })),
        // Of a network of the project's own, every device is named.
        pods: instance.intent.kind === "Network" ? (network?.subnets ?? []) : (spec.network.pods ?? []).map(cidr),
        routesBack: !translated.has(instance.intent.id),
        asItWas: spec.network.existing !== undefined,
      };
    });
}

/** A Network on which hosts or a router stand besides its members. */
function hasDevices({ intent, spec }: Instance): boolean {
  const { hosts, gateway } = spec as ExternalNetworkSpec;
  return intent.kind === "Network" && (hosts !== undefined || gateway !== undefined);
}

function hostOrNetwork(text: string): Cidr {
  const address = parseAddress(text);
  return address ? hostCidr(address) : cidr(text);
}

/** The networks from which every gateway hides the zones: nobody there has a route back. */
function onlyTranslated(plan: Plan): ReadonlySet<string> {
  const legs = plan.gateways.flatMap((gateway) => gateway.legs);
  const plain = new Set(legs.filter((leg) => !leg.translate).map((leg) => leg.network));
  return new Set(legs.map((leg) => leg.network).filter((network) => !plain.has(network)));
}

/** A party of an expectation, as ends of flows can be held against. */
export function endOf(party: Party, meaning: Meaning, devices: readonly ExternalDevices[], plan: Plan): MeantEnd {
  const none: MeantEnd = { party: undefined, cidrs: [], namespaces: [], workload: undefined };
  if (party.cidr !== undefined) return { ...none, cidrs: [cidr(party.cidr)] };
  if (party.workload) return { ...none, workload: party.workload };
  if (party.zone !== undefined) {
    const zone = byId(meaning.zones, ({ id }) => id).get(`isolationzone/${party.zone}`);
    return { ...none, party: zone?.id, namespaces: zone?.namespaces ?? [] };
  }
  if (party.vpn !== undefined) {
    const id = `vpnegress/${party.vpn}`;
    const tunnel = byId(plan.gateways, ({ intent }) => intent).get(id)?.tunnel;
    return { ...none, party: id, cidrs: tunnel?.destinations ?? [] };
  }
  const device = byId(devices, ({ id }) => id).get(
    party.network === undefined ? `externalnetwork/${party.external}` : `network/${party.network}`,
  );
  const host = device?.hosts.find((one) => one.name === party.host);
  const cidrs = host
    ? host.cidrs
    : party.network === undefined
      ? [...(device?.subnets ?? []), ...(device?.beyond ?? [])]
      : ofDevice(device);
  return { ...none, party: device?.id, cidrs };
}

/** What of a Network is no pod: its hosts, its router and what is behind that. */
function ofDevice(device: ExternalDevices | undefined): readonly Cidr[] {
  if (!device) return [];
  return [...device.hosts.flatMap((one) => one.cidrs), ...device.gateways.map(hostCidr), ...device.beyond];
}

const indexes = new WeakMap<object, ReadonlyMap<string, unknown>>();

/** A list by the ids of its elements; made once for each list. */
function byId<One>(list: readonly One[], idOf: (one: One) => string): ReadonlyMap<string, One> {
  const known = indexes.get(list) as ReadonlyMap<string, One> | undefined;
  if (known) return known;
  const made = new Map(list.map((one) => [idOf(one), one]));
  indexes.set(list, made);
  return made;
}

/** The checks of every Expectation of a cluster. */
export function expectedOf(
  plan: Plan,
  instances: readonly Instance[],
  meaning: Meaning,
  devices: readonly ExternalDevices[],
): readonly Expected[] {
  // Of two of one name the first is meant.
  const gateways = new Map(
    [...plan.gateways].reverse().map(({ intent }) => [intent.slice(intent.indexOf("/") + 1), intent]),
  );
  const gateway = (name: string) => gateways.get(name) ?? `firewallpair/${name}`;
  return instances
    .filter((one) => one.intent.kind === "Expectation")
    .flatMap((instance) =>
      (instance.spec as ExpectationSpec).checks.map((check, index): Expected => {
        return {
          from: endOf(check.from, meaning, devices, plan),
          to: endOf(check.to, meaning, devices, plan),
          names: [wordsOf(check.from), wordsOf(check.to)],
          services: (check.ports ?? []).map((text) => parseService(text) as Service),
          expect: check.expect,
          through: check.through?.map(gateway),
          origin: instance.at("checks", index),
        };
      }),
    );
}

function wordsOf(party: Party): string {
  if (party.workload) return `${party.workload.kind} ${party.workload.namespace}/${party.workload.name}`;
  if (party.cidr !== undefined) return party.cidr;
  if (party.zone !== undefined) return `zone ${party.zone}`;
  if (party.vpn !== undefined) return `vpn ${party.vpn}`;
  const named = party.network ?? party.external;
  if (party.host !== undefined) return `host ${party.host} of ${named}`;
  return party.network === undefined ? `external ${named}` : `network ${named}`;
}

/** What is known of a cluster before its output is read: what the intents mean, and what no manifest tells. */
export interface Known {
  readonly plan: Plan;
  readonly instances: readonly Instance[];
}

/** What the files of a cluster let through, before it is held against anything. */
export interface ReadCluster {
  readonly model: Model;
  readonly flows: Flows;
  readonly meaning: Meaning;
  readonly diagnostics: readonly Diagnostic[];
  /** Of texts that cannot be read, and of work that is too much to be done. */
  readonly unread: readonly Diagnostic[];
}

/** Reads back the files of a cluster. For a comparison, with what another version of the cluster knows. */
export function readCluster(
  { plan, instances }: Known,
  files: readonly SourceFile[],
  workloads: readonly WorkloadFile[],
  other?: OtherVersion,
): ReadCluster {
  const meaning = meaningOf(plan, instances);
  const externals = devicesOf(plan, instances);
  const { name, platform } = plan.cluster;
  const { adopted, kept } = meaning;
  const built = buildModel({ cluster: name, platform, files, workloads, externals, adopted, kept, other });
  const { told } = watch(meaning);
  const excess = tooMuch(
    built.model,
    told,
    built.model.paths.size + workloads.length + built.model.written.length + built.model.pods.length,
  );
  if (excess.length > 0) return { ...built, flows: noFlows, meaning, unread: [...built.unread, ...excess] };
  const flows = allFlows(built.model, { told, ...(other && { renumbered: other.renumbered }) });
  return { ...built, flows, meaning };
}

export interface Verified {
  readonly model: Model;
  readonly flows: Flows;
  readonly meaning: Meaning;
  readonly diagnostics: readonly Diagnostic[];
  /** How many checks of Expectations there are, how many of them hold, and which. */
  readonly expectations: { readonly checked: number; readonly met: number; readonly held: readonly Held[] };
  /** False: a text of the output cannot be read, or too much is to be verified, and only that is told. */
  readonly readable: boolean;
}

/**
 * Reads back the files of a cluster, with code that shares nothing with what wrote them, and holds what they let through
 * against what the intents mean. `files` are those below the cluster's folder.
 */
export function verifyCluster(
  { plan, instances }: Known,
  files: readonly SourceFile[],
  workloads: readonly WorkloadFile[],
): Verified {
  const read = readCluster({ plan, instances }, files, workloads);
  const { model, flows, meaning, diagnostics, unread } = read;
  if (unread.length > 0)
    return { ...read, diagnostics: unread, expectations: { checked: 0, met: 0, held: [] }, readable: false };
  const watched = watch(meaning);
  const expected = expectedOf(plan, instances, meaning, model.externals);
  const unmet = assertExpectations(model, flows, expected, watched);
  const found = [
    ...diagnostics,
    ...compare(model, flows, meaning),
    ...loopholes(model, flows, watched),
    ...layers(model, watched),
    ...unmet,
  ];
  const held = heldOf(expected, unmet);
  const expectations = { checked: expected.length, met: held.length, held };
  return { model, flows, meaning, diagnostics: found, expectations, readable: true };
}
