import type { Place } from "../source/place.ts";
import { wayOf } from "./compare-attached.ts";
import { meantOnDefault } from "./compare-default.ts";
import { partyOf } from "./describe.ts";
import type { DefaultGroup, FlowEnd, Flows } from "./flows/flow.ts";
import { formatServices, type ServiceSet, uniteServices } from "./packets/service-set.ts";
import { idsOf, type Node } from "./pods/node.ts";
import type { Watch } from "./watch.ts";

/** Who reaches whom: one line for two parties and a way. */
export interface Row {
  readonly from: string;
  readonly to: string;
  readonly services: readonly string[];
  /** `eth0`, or the gateways on the way, or the link that both are on. */
  readonly way: readonly string[];
  /** What is taken for granted. */
  readonly assumed: readonly string[];
  /** Lines of the intents that mean it. */
  readonly origins: readonly Place[];
}

export interface TableOptions {
  /** Parties are zones and what lies outside of them, or workloads one by one. */
  readonly by: "party" | "workload";
  /** Only rows whose end has this in its name. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Also what no zone, gateway or outside device has to do with. */
  readonly all?: boolean;
}

interface Draft {
  readonly from: string;
  readonly to: string;
  readonly way: readonly string[];
  services: ServiceSet;
  readonly assumed: Set<string>;
  readonly origins: Set<Place>;
}

/** The rows of a cluster, sorted. What no border is about is left out unless it is asked for. */
export function tableOf(flows: Flows, watch: Watch, options: TableOptions): readonly Row[] {
  const drafts = new Map<string, Draft>();
  const add = (from: string, to: string, way: readonly string[], services: ServiceSet, more: More = nothingMore) => {
    if (options.from !== undefined && !from.includes(options.from)) return;
    if (options.to !== undefined && !to.includes(options.to)) return;
    const key = JSON.stringify([from, to, way]);
    const draft = drafts.get(key) ?? {
      from,
      to,
      way,
      services: [],
      assumed: new Set<string>(),
      origins: new Set<Place>(),
    };
    draft.services = uniteServices(draft.services, services);
    for (const one of more.assumed) draft.assumed.add(one);
    for (const one of more.origins) draft.origins.add(one);
    drafts.set(key, draft);
  };
  const meant = meantOnDefault(watch);
  for (const flow of flows.attached) {
    if (!options.all && !ends(flow.from, watch) && !ends(flow.to, watch)) continue;
    const way = flow.through.length > 0 ? wayOf(flow, watch) : [flow.medium];
    const meant = watch.meantFor(flow).filter((one) => one.through.join() === wayOf(flow, watch).join());
    const more = { assumed: flow.assumed, origins: meant.map((one) => one.origin) };
    for (const from of names(flow.from, watch, options.by))
      for (const to of names(flow.to, watch, options.by)) add(from, to, way, flow.asked.services, more);
  }
  for (const { from, to, services } of flows.onDefault)
    for (const one of partiesOf(from, watch, options.by))
      for (const other of partiesOf(to, watch, options.by))
        if (options.all || one.concerned || other.concerned) {
          const origins = meant.flows(one.sample, other.sample).map((flow) => flow.origin);
          add(one.name, other.name, ["eth0"], services, { assumed: [], origins });
        }
  for (const { node, direction, services } of flows.outside) {
    if (!options.all && !ends({ type: "node", node }, watch)) continue;
    for (const party of names({ type: "node", node }, watch, options.by)) {
      const [from, to] = direction === "egress" ? [party, "outside"] : ["outside", party];
      add(from, to, ["eth0"], services);
    }
  }
  return [...drafts.values()]
    .map(({ services, assumed, origins, ...row }) => ({
      ...row,
      services: formatServices(services),
      assumed: [...assumed].sort(),
      origins: [...origins],
    }))
    .sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.way.join(), b.way.join()));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function names(end: FlowEnd, watch: Watch, by: TableOptions["by"]): readonly string[] {
  if (by === "party" || end.type !== "node") return [partyOf(end, watch.zones)];
  return idsOf(end.node);
}

/** Whether an end is a zone, a gateway, a device or a tunnel: what a border is about. */
function ends(end: FlowEnd, watch: Watch): boolean {
  if (end.type !== "node") return end.type === "tunnel";
  const { type, namespace } = end.node;
  return type === "gateway" || type === "external" || watch.zones.has(namespace);
}

interface More {
  readonly assumed: readonly string[];
  readonly origins: readonly Place[];
}

const nothingMore: More = { assumed: [], origins: [] };

interface PartyOfGroup {
  readonly name: string;
  readonly concerned: boolean;
  readonly sample: Node;
}

function partiesOf(group: DefaultGroup, watch: Watch, by: TableOptions["by"]): readonly PartyOfGroup[] {
  const found = new Map<string, PartyOfGroup>();
  for (const node of group.nodes)
    for (const name of names({ type: "node", node }, watch, by)) {
      const concerned = (found.get(name)?.concerned ?? false) || ends({ type: "node", node }, watch);
      found.set(name, { name, concerned, sample: found.get(name)?.sample ?? node });
    }
  return [...found.values()];
}
