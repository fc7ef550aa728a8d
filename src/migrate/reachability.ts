import type { WorkloadFile } from "../ir/compiled.ts";
import { computeFlows } from "../verify/dataplane/compute-flows.ts";
import type { ClusterInput, ExpectedState } from "../verify/expected/expected.ts";
import { buildExpectedIndex } from "../verify/expected/expected-index.ts";
import { buildModel } from "../verify/model/build-model.ts";
import { groupByDomain } from "../verify/model/domains.ts";
import type { Model } from "../verify/model/model.ts";
import { type Connection, listConnections } from "../verify/report/connections.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import type { EndpointState } from "./endpoint-state.ts";
import type { MigrationState } from "./state.ts";

/** What no manifest tells, as on one side. */
export interface ClusterContext
  extends Pick<ClusterInput, "cluster" | "platform" | "externals" | "externallyManaged" | "guests"> {
  readonly meaning: ExpectedState;
}

export interface Reachability {
  /** Who reaches whom, whichever way. What only arrives and is never answered is counted too. */
  readonly connections: readonly Connection[];
  /** Senders whose packets leave a gateway in clear text. */
  readonly leaks: readonly string[];
  /** What could not be read. */
  readonly unread: readonly string[];
}

/** Links by what they are called on either side: what both say of one network is one wire. */
export type LinkNames = ReadonlyMap<string, string>;

/** Of pods that run while a rollout lasts: they are the same workload. */
const NEWER = "~after";

export function analyzeReachability(
  model: Model,
  meaning: ExpectedState,
  unread: readonly string[] = [],
): Reachability {
  const flows = computeFlows(model);
  const all = { ...flows, secondary: [...flows.secondary, ...flows.asymmetric] };
  const leaks = flows.leaks.map(({ from, gateway }) => {
    const sender = from.type === "node" ? from.node.id : from.type;
    return stripMark(`${sender} by ${gateway.id}`);
  });
  const connections = listConnections(all, buildExpectedIndex(meaning)).map((one) => ({
    ...one,
    way: [],
    from: { ...one.from, pods: one.from.pods.map(stripMark) },
    to: { ...one.to, pods: one.to.pods.map(stripMark) },
  }));
  return { connections, leaks: [...new Set(leaks)].sort(), unread };
}

function stripMark(name: string): string {
  return name.replaceAll(NEWER, "");
}

/** The model of a state, of the manifests that stand in it. */
export function buildStateModel(
  state: MigrationState,
  sides: readonly [EndpointState, EndpointState],
  ground: ClusterContext,
): ReturnType<typeof buildModel> {
  const { cluster, platform, externals, externallyManaged, guests } = ground;
  const files = [...state.objects.values()].map((one) => one.file);
  const workloads = workloadsIn(state, sides);
  const stopped = [...sides[0].workloads.values()].filter((one) => state.running.get(one.id) === "none");
  return buildModel({ cluster, platform, files, workloads, externals, externallyManaged, guests, stopped });
}

function workloadsIn(
  { running }: MigrationState,
  [before, after]: readonly [EndpointState, EndpointState],
): readonly WorkloadFile[] {
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
export function mapLinkNames(models: readonly Model[]): LinkNames {
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
export function renameLinks(model: Model, wires: LinkNames): Model {
  const nodes = model.nodes.map((node) => ({
    ...node,
    interfaces: node.interfaces.map((one) => ({ ...one, domain: wires.get(one.domain) ?? one.domain })),
  }));
  return { ...model, nodes, domains: groupByDomain(nodes) };
}
