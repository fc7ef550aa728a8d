import { locateInObject } from "../lint/read/lint-object.ts";
import { formatAddress } from "../net/address.ts";
import { formatCidr } from "../net/cidr.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findPosition } from "../source/source-file.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import { readComments } from "./comments-of.ts";
import type { ExistingMember } from "./existing-members.ts";
import type { ExistingNetworkObjects, VerbatimCopy } from "./existing-networks.ts";
import type { ResolvedNetwork } from "./infer-subnets.ts";
import { type EstateContext, isZone } from "./is-zone.ts";
import { splitLabels } from "./labels-and-annotations.ts";
import type { ImportedConfig } from "./read-network-config.ts";
import { type InferredUplink, inferUplinks } from "./uplinks.ts";
import { dropEmpty, type PlatformDefaults, writeMembers, writeNetwork } from "./write-network.ts";

const API = "plumbline.dev/v1alpha1";

type Json = Readonly<Record<string, unknown>>;

export interface WrittenIntent {
  readonly settled: {
    readonly network: ExistingNetworkObjects & { readonly carried?: ImportedConfig };
    readonly members: readonly ExistingMember[];
  };
  readonly kind: "zone" | "external" | "kept";
  readonly name: string;
  readonly file: SourceFile;
}

/** One file for each network, under the folder of its kind. */
export function writeIntents(
  names: ReadonlyMap<ResolvedNetwork, string>,
  around: EstateContext,
  usual: PlatformDefaults,
): readonly WrittenIntent[] {
  const uplinks = inferUplinks([...names.keys()]);
  return [...names].map(([settled, name]) => {
    const uplink = uplinks.get(settled) as InferredUplink;
    const kind = isZone(settled, uplink, around) ? "zone" : "external";
    const network = writeNetwork(settled, uplink, kind, usual);
    const body = kind === "zone" ? zone(settled, name, network) : external(settled, name, network);
    const path = `intents/${kind === "zone" ? "zones" : "externals"}/${name}.yaml`;
    return { settled, kind, name, file: { path, text: `${headOf(settled)}${emitYaml(body)}` } };
  });
}

/** A network that is written again as it stands. */
export function writeVerbatimNetwork(kept: VerbatimCopy, name: string): WrittenIntent {
  const { network, config } = kept;
  const body = {
    apiVersion: API,
    kind: "ExternalNetwork",
    metadata: metadata(kept, name),
    spec: { network: { existing: { objects: network.objects, config } } },
  };
  const file = { path: `intents/externals/${name}.yaml`, text: `${headOf(kept)}${emitYaml(body)}` };
  return { settled: { network, members: [] }, kind: "kept", name, file };
}

/** Where it comes from, and what was written about it there. */
function headOf({ network }: { readonly network: ExistingNetworkObjects }): string {
  const from = network.nads.map(({ object }) => {
    const { file, start } = locateInObject(object, ["metadata"], "key");
    return `${file.path}:${findPosition(file, start).line}`;
  });
  const seen = new Set<string>();
  // Copies of one network often repeat what is said of it.
  const comments = network.nads.flatMap((nad) => {
    const own = readComments(nad);
    const text = own.join("\n");
    if (seen.has(text)) return [];
    seen.add(text);
    return own;
  });
  return [`# Imported from ${from.join(", ")}.`, ...comments].map((line) => `${line}\n`).join("");
}

function metadata({ network }: { readonly network: ExistingNetworkObjects }, name: string): Json {
  const [nad] = network.nads;
  return dropEmpty({ name, labels: nad ? splitLabels(nad.object).kept : undefined });
}

function zone(settled: ResolvedNetwork, name: string, network: Json): Json {
  const namespaces = [...new Set(settled.members.map((one) => one.workload.namespace))].sort();
  return {
    apiVersion: API,
    kind: "IsolationZone",
    metadata: metadata(settled, name),
    spec: { namespaces, network, members: writeMembers(settled.members), enforcement: "audit" },
  };
}

function external(settled: ResolvedNetwork, name: string, network: Json): Json {
  const [first, second] = settled.gateways.map(formatAddress);
  const spec = dropEmpty({
    network,
    gateway: second === undefined ? first : [first, second],
    routes: settled.network.carried.routes.map((to) => ({ to: formatCidr(to) })),
    memberTraffic: "all",
    members: writeMembers(settled.members),
  });
  return { apiVersion: API, kind: "ExternalNetwork", metadata: metadata(settled, name), spec };
}

/** The Fabric: every link that a network is on. */
export function writeFabric(names: ReadonlyMap<ResolvedNetwork, string>, cluster: string): SourceFile {
  const uplinks = [...new Set(inferUplinks([...names.keys()]).values())].map((one) =>
    dropEmpty({
      name: one.name,
      interface: one.interface,
      bridge: one.bridge,
      mtu: one.mtu,
      vlans: one.vlans,
      attach: one.attach === "macvlan" ? undefined : one.attach,
      resourceName: one.resourceName,
    }),
  );
  const body = { apiVersion: API, kind: "Fabric", metadata: { name: cluster }, spec: { clusters: [cluster], uplinks } };
  return { path: "intents/fabric.yaml", text: `# Links of the nodes, as the networks name them.\n${emitYaml(body)}` };
}
