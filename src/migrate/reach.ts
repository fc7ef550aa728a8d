import type { WorkloadFile } from "../ir/compiled.ts";
import { allFlows } from "../verify/dataplane/all-flows.ts";
import type { ClusterInput, Meaning } from "../verify/expected/expected.ts";
import { watch } from "../verify/expected/index.ts";
import { buildModel } from "../verify/model/build-model.ts";
import { domainsOf } from "../verify/model/domains.ts";
import type { Model } from "../verify/model/model.ts";
import { type Connection, connectionsOf } from "../verify/report/connections.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import type { Side } from "./side.ts";
import type { State } from "./state.ts";

/** What no manifest tells, as on one side. */
export interface Ground extends Pick<ClusterInput, "cluster" | "platform" | "externals" | "adopted" | "guests"> {
  readonly meaning: Meaning;
}

export interface Reach {
  /** Who reaches whom, whichever way. What only arrives and is never answered is counted too. */
  readonly connections: readonly Connection[];
  /** Senders whose packets leave a gateway in clear text. */
  readonly leaks: readonly string[];
  /** What could not be read. */
  readonly unread: readonly string[];
}

/** Links by what they are called on either side: what both say of one network is one wire. */
export type Wires = ReadonlyMap<string, string>;

/** Of pods that run while a rollout lasts: they are the same workload. */
const NEWER = "~after";

export function reachOf(model: Model, meaning: Meaning, unread: readonly string[] = []): Reach {
  const flows = allFlows(model);
  const all = { ...flows, attached: [...flows.attached, ...flows.oneWay] };
  const leaks = flows.leaks.map(({ from, gateway }) => {
    const sender = from.type === "node" ? from.node.id : from.type;
    return plain(`${sender} by ${gateway.id}`);
  });
  const connections = connectionsOf(all, watch(meaning)).map((one) => ({
    ...one,
    way: [],
    from: { ...one.from, pods: one.from.pods.map(plain) },
    to: { ...one.to, pods: one.to.pods.map(plain) },
  }));
  return { connections, leaks: [...new Set(leaks)].sort(), unread };
}

function plain(name: string): string {
  return name.replaceAll(NEWER, "");
}

/** The model of a state, of the manifests that stand in it. */
export function modelOf(state: State, sides: readonly [Side, Side], ground: Ground): ReturnType<typeof buildModel> {
  const { cluster, platform, externals, adopted, guests } = ground;
  const files = [...state.objects.values()].map((one) => one.file);
  const workloads = workloadsIn(state, sides);
  const stopped = [...sides[0].workloads.values()].filter((one) => state.running.get(one.id) === "none");
  return buildModel({ cluster, platform, files, workloads, externals, adopted, guests, stopped });
}

function workloadsIn({ running }: State, [before, after]: readonly [Side, Side]): readonly WorkloadFile[] {
  return [...before.workloads.values()].flatMap((one) => {
    const as = running.get(one.id) ?? "before";
    const next = after.workloads.get(one.id) ?? one;
    const { namespace } = one;
    if (!one.runs || as === "before") return [{ file: one.file, namespace }];
    if (as === "none") return [];
    if (as === "after") return [{ file: next.file, namespace }];
    const metadata = { ...(next.value.metadata as object), name: `${next.name}${NEWER}` };
    const file = { path: `${next.file.path}-after.yaml`, text: emitYaml({ ...next.value, metadata }) };
    return [
      { file: one.file, namespace },
      { file, namespace },
    ];
  });
}

/** One name for each wire. A VLAN is the same link whichever platform attaches to it. */
export function wiresOf(models: readonly Model[]): Wires {
  const byIntent = new Map<string, string>();
  const wires = new Map<string, string>();
  for (const [intent, domain] of models.flatMap(onlyDomains)) {
    const wire = byIntent.get(intent) ?? wires.get(domain) ?? domain;
    byIntent.set(intent, wire);
    wires.set(domain, wire);
  }
  return wires;
}

/** Intents whose objects are all of one link. Those of a gateway with several legs do not say which is which. */
function onlyDomains({ networks }: Model): readonly (readonly [string, string])[] {
  const domains = new Map<string, Set<string>>();
  for (const { manifest, domain } of networks)
    if (manifest.intent !== undefined)
      domains.set(manifest.intent, (domains.get(manifest.intent) ?? new Set()).add(domain));
  return [...domains].flatMap(([intent, set]) => (set.size === 1 ? [...set].map((one) => [intent, one] as const) : []));
}

/** A model in which both sides' names of a link are one. */
export function onWires(model: Model, wires: Wires): Model {
  const nodes = model.nodes.map((node) => ({
    ...node,
    interfaces: node.interfaces.map((one) => ({ ...one, domain: wires.get(one.domain) ?? one.domain })),
  }));
  return { ...model, nodes, domains: domainsOf(nodes) };
}
