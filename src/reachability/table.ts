import { wayOf } from "./compare-attached.ts";
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
}

export interface TableOptions {
  /** Parties are zones and what lies outside of them, or workloads one by one. */
  readonly by: "party" | "workload";
  /** Only rows whose end has this in its name. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface Draft {
  readonly from: string;
  readonly to: string;
  readonly way: readonly string[];
  services: ServiceSet;
  readonly assumed: Set<string>;
}

/** The rows of a cluster, sorted. Pods that nobody listed are left out where they only talk among themselves. */
export function tableOf(flows: Flows, watch: Watch, options: TableOptions): readonly Row[] {
  const drafts = new Map<string, Draft>();
  const add = (from: string, to: string, way: readonly string[], services: ServiceSet, assumed: readonly string[]) => {
    if (options.from !== undefined && !from.includes(options.from)) return;
    if (options.to !== undefined && !to.includes(options.to)) return;
    const key = JSON.stringify([from, to, way]);
    const draft = drafts.get(key) ?? { from, to, way, services: [], assumed: new Set<string>() };
    draft.services = uniteServices(draft.services, services);
    for (const one of assumed) draft.assumed.add(one);
    drafts.set(key, draft);
  };
  for (const flow of flows.attached) {
    const way = flow.through.length > 0 ? wayOf(flow, watch) : [flow.medium];
    for (const from of names(flow.from, watch, options.by))
      for (const to of names(flow.to, watch, options.by)) add(from, to, way, flow.asked.services, flow.assumed);
  }
  for (const { from, to, services } of flows.onDefault)
    for (const one of partiesOf(from, watch, options.by))
      for (const other of partiesOf(to, watch, options.by))
        if (!one.hidden || !other.hidden) add(one.name, other.name, ["eth0"], services, []);
  for (const { node, direction, services } of flows.outside) {
    if (hidden(node, watch)) continue;
    for (const party of names({ type: "node", node }, watch, options.by)) {
      const [from, to] = direction === "egress" ? [party, "outside"] : ["outside", party];
      add(from, to, ["eth0"], services, []);
    }
  }
  return [...drafts.values()]
    .map(({ services, assumed, ...row }) => ({
      ...row,
      services: formatServices(services),
      assumed: [...assumed].sort(),
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

/** Pods that stand for whoever else there may be: of no interest but for those they can reach. */
function hidden(node: Node, watch: Watch): boolean {
  return node.type === "resolver" || (node.type === "anybody" && !watch.zones.has(node.namespace));
}

function partiesOf(group: DefaultGroup, watch: Watch, by: TableOptions["by"]) {
  const found = new Map<string, boolean>();
  for (const node of group.nodes) {
    for (const name of names({ type: "node", node }, watch, by))
      found.set(name, (found.get(name) ?? true) && hidden(node, watch));
  }
  return [...found].map(([name, isHidden]) => ({ name, hidden: isHidden }));
}
