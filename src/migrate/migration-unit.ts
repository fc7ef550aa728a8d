import type { EndpointState } from "./endpoint-state.ts";
import { type ClusterObject, isSameObject } from "./object.ts";

/** What moves at one time: networks that share pods, with those pods. */
export interface MigrationUnit {
  /** A word for folders: `corp`. */
  readonly name: string;
  /** Intents of which anything changes. */
  readonly intents: readonly string[];
  /** Workloads that get other networks: `Deployment web/shop`. */
  readonly workloads: readonly string[];
  /** Gateways move once every zone has. */
  readonly gateways: boolean;
}

/** Above this many, units move together: each step is proved on its own, and costs as much as the whole. */
export const MAX_UNITS = 12;

/** The units in the order in which they move. */
export function groupUnits(before: EndpointState, after: EndpointState): readonly MigrationUnit[] {
  const changed = new Set([...changedIntents(before, after)]);
  const patched = [...new Set([...before.patches.keys(), ...after.patches.keys()])].filter(
    (id) => before.patches.get(id)?.text !== after.patches.get(id)?.text,
  );
  const housed = [before, after].flatMap(inMainNetworks).filter((one) => changed.has(one.intent));
  const groups = groupNetworks(before, after, changed, patched, housed);
  const gatewayIntents = new Set([...before.plan.gateways, ...after.plan.gateways].map((one) => one.intent));
  const apart = (one: Group) => one.workloads.length === 0 && one.intents.every((id) => gatewayIntents.has(id));
  const zones = bundled(groups.filter((one) => !apart(one)));
  const gateways = groups.filter(apart).flatMap((one) => one.intents);
  const last = gateways.length > 0 ? [{ name: "gateways", intents: gateways, workloads: [], gateways: true }] : [];
  return [...zones.map((one) => ({ ...one, name: nameFor(one), gateways: false })), ...last];
}

interface Group {
  readonly intents: readonly string[];
  readonly workloads: readonly string[];
}

function* changedIntents(before: EndpointState, after: EndpointState): Iterable<string> {
  for (const { intent, id } of [...before.objects.values(), ...after.objects.values()])
    if (intent !== undefined && !isSameObject(before.objects.get(id), after.objects.get(id))) yield intent;
}

interface Housed {
  readonly intent: string;
  readonly workload: string;
}

/** Pods that have an overlay by where they are: nothing is written on them. */
function inMainNetworks({ plan, workloads }: EndpointState): readonly Housed[] {
  const overlays = new Set(plan.networks.filter((one) => one.link.separation === "overlay").map((one) => one.intent));
  const zoneOf = new Map(
    plan.zones
      .filter((one) => overlays.has(one.intent))
      .flatMap((one) => one.namespaces.map((namespace) => [namespace, one.intent] as const)),
  );
  return [...workloads.values()].flatMap(({ id, namespace, runs }) => {
    const intent = zoneOf.get(namespace);
    return runs && intent !== undefined ? [{ intent, workload: id }] : [];
  });
}

/**
 * Legs of gateways that are on the network's own object and on none of theirs. It cannot go while their pods are on it, so
 * they go with its zone: OVN-Kubernetes keeps a network, and Kube-OVN a Subnet, that a pod has.
 */
function legsOnObjects({
  plan,
  objects,
}: EndpointState): readonly { readonly gateway: string; readonly network: string }[] {
  const kinds = new Set(["ClusterUserDefinedNetwork", "Subnet"]);
  const held = new Set([...objects.values()].filter((one) => kinds.has(one.kind)).map((one) => one.intent));
  return plan.gateways.flatMap(({ intent, legs }) =>
    legs.filter((leg) => held.has(leg.network)).map((leg) => ({ gateway: intent, network: leg.network })),
  );
}

/** Networks that a workload has are of one group, since its pods start with all of them or with none. */
function groupNetworks(
  before: EndpointState,
  after: EndpointState,
  changed: ReadonlySet<string>,
  patched: readonly string[],
  housed: readonly Housed[],
): readonly Group[] {
  const leaders = new Map<string, string>();
  const leaderOf = (one: string): string => {
    let leader = one;
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader)) leader = next;
    if (leader !== one) leaders.set(one, leader);
    return leader;
  };
  const join = (one: string, other: string) => {
    const [a, b] = [leaderOf(one), leaderOf(other)].sort() as [string, string];
    if (a !== b) leaders.set(b, a);
  };
  for (const { network, workload } of [...before.plan.attachments, ...after.plan.attachments])
    join(network, `workload ${workload.kind} ${workload.namespace}/${workload.name}`);
  for (const { intent, workload } of housed) join(intent, `workload ${workload}`);
  for (const { gateway, network } of legsOnObjects(before)) if (changed.has(network)) join(gateway, network);
  const groups = new Map<string, { intents: string[]; workloads: string[] }>();
  const groupOf = (one: string) => {
    const leader = leaderOf(one);
    const known = groups.get(leader) ?? { intents: [], workloads: [] };
    groups.set(leader, known);
    return known;
  };
  for (const intent of [...changed].sort()) groupOf(intent).intents.push(intent);
  const moving = new Set([...patched, ...housed.map((one) => one.workload)]);
  for (const id of [...moving].sort()) groupOf(`workload ${id}`).workloads.push(id);
  return [...groups.values()];
}

function bundled(groups: readonly Group[]): readonly Group[] {
  if (groups.length <= MAX_UNITS) return groups;
  const size = Math.ceil(groups.length / MAX_UNITS);
  return Array.from({ length: Math.ceil(groups.length / size) }, (_none, index) => {
    const part = groups.slice(index * size, (index + 1) * size);
    return { intents: part.flatMap((one) => one.intents), workloads: part.flatMap((one) => one.workloads) };
  });
}

function nameFor({ intents, workloads }: Group): string {
  const zones = intents.filter((id) => id.startsWith("isolationzone/"));
  const [first] = zones.length > 0 ? zones : intents;
  const name = (first ?? workloads[0] ?? "rest").replace(/^.*\//, "");
  const more = (zones.length > 0 ? zones : intents).length - 1;
  return more > 0 ? `${name}-and-${more}-more` : name;
}

/** The objects of a unit, of one side's. Guards of a zone are named for it. */
export function createUnitFilter(unit: MigrationUnit): (object: ClusterObject) => boolean {
  const intents = new Set(unit.intents);
  const guards = new Set(
    unit.intents
      .filter((id) => id.startsWith("isolationzone/"))
      .flatMap((id) => {
        const zone = `zone-${id.slice(id.indexOf("/") + 1)}`;
        return [`v1 ConfigMap plumbline-guards/${zone}`, `plumbline-${zone}`];
      }),
  );
  return ({ intent, id, name }) => (intent === undefined ? guards.has(id) || guards.has(name) : intents.has(intent));
}
