import { placeIn } from "../lint/read/lint-object.ts";
import { formatAddress } from "../net/address.ts";
import { formatCidr } from "../net/cidr.ts";
import type { SourceFile } from "../source/source-file.ts";
import { positionAt } from "../source/source-file.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import { commentsOf } from "./comments-of.ts";
import { type Around, isZone } from "./is-zone.ts";
import { labelsOf } from "./labels-and-annotations.ts";
import type { OldMember } from "./old-members.ts";
import type { Kept, OldObjects } from "./old-networks.ts";
import type { Carried } from "./read-carried.ts";
import type { Settled } from "./settle-subnets.ts";
import { type OldUplink, uplinksOf } from "./uplinks.ts";
import { compact, type Usual, writeMembers, writeNetwork } from "./write-network.ts";

const API = "plumbline.dev/v1alpha1";

type Json = Readonly<Record<string, unknown>>;

export interface WrittenIntent {
  readonly settled: {
    readonly network: OldObjects & { readonly carried?: Carried };
    readonly members: readonly OldMember[];
  };
  readonly kind: "zone" | "external" | "kept";
  readonly name: string;
  readonly file: SourceFile;
}

/** One file for each network, under the folder of its kind. */
export function writeIntents(
  names: ReadonlyMap<Settled, string>,
  around: Around,
  usual: Usual,
): readonly WrittenIntent[] {
  const uplinks = uplinksOf([...names.keys()]);
  return [...names].map(([settled, name]) => {
    const uplink = uplinks.get(settled) as OldUplink;
    const kind = isZone(settled, uplink, around) ? "zone" : "external";
    const network = writeNetwork(settled, uplink, kind, usual);
    const body = kind === "zone" ? zone(settled, name, network) : external(settled, name, network);
    const path = `intents/${kind === "zone" ? "zones" : "externals"}/${name}.yaml`;
    return { settled, kind, name, file: { path, text: `${headOf(settled)}${emitYaml(body)}` } };
  });
}

/** A network that is written again as it stands. */
export function writeKept(kept: Kept, name: string): WrittenIntent {
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
function headOf({ network }: { readonly network: OldObjects }): string {
  const from = network.nads.map(({ object }) => {
    const { file, start } = placeIn(object, ["metadata"], "key");
    return `${file.path}:${positionAt(file, start).line}`;
  });
  const seen = new Set<string>();
  // Copies of one network often repeat what is said of it.
  const comments = network.nads.flatMap((nad) => {
    const own = commentsOf(nad);
    const text = own.join("\n");
    if (seen.has(text)) return [];
    seen.add(text);
    return own;
  });
  return [`# Imported from ${from.join(", ")}.`, ...comments].map((line) => `${line}\n`).join("");
}

function metadata({ network }: { readonly network: OldObjects }, name: string): Json {
  const [nad] = network.nads;
  return compact({ name, labels: nad ? labelsOf(nad.object).kept : undefined });
}

function zone(settled: Settled, name: string, network: Json): Json {
  const namespaces = [...new Set(settled.members.map((one) => one.workload.namespace))].sort();
  return {
    apiVersion: API,
    kind: "IsolationZone",
    metadata: metadata(settled, name),
    spec: { namespaces, network, members: writeMembers(settled.members), enforcement: "audit" },
  };
}

function external(settled: Settled, name: string, network: Json): Json {
  const [first, second] = settled.gateways.map(formatAddress);
  const spec = compact({
    network,
    gateway: second === undefined ? first : [first, second],
    routes: settled.network.carried.routes.map((to) => ({ to: formatCidr(to) })),
    memberTraffic: "all",
    members: writeMembers(settled.members),
  });
  return { apiVersion: API, kind: "ExternalNetwork", metadata: metadata(settled, name), spec };
}

/** The Fabric: every link that a network is on. */
export function writeFabric(names: ReadonlyMap<Settled, string>, cluster: string): SourceFile {
  const uplinks = [...new Set(uplinksOf([...names.keys()]).values())].map((one) =>
    compact({
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
